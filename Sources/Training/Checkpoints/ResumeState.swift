internal import Safetensors

/// What a run needs to go on beside the model's files and the state's figures: the tensors of `optimizer.safetensors`.
///
/// Moments (`first_moment.NAME` and the like), starting weights of L2-SP; with an average of the weights the live ones
/// (`weight.NAME`), since the model's files hold the average; with adapters what trains (`parameter.NAME`), since the
/// model's files may hold it merged into other weights.
enum ResumeState {
    static func entries(_ tensors: [ResumeTensor]) -> [SafetensorsEntry] {
        tensors.map { tensor in
            SafetensorsEntry(
                name: tensor.name, shape: tensor.shape, values: UnsafeBufferPointer(tensor.elements))
        }
    }

    /// Fills tensors in.
    ///
    /// - Throws: `SafetensorsError` where one is missing or of another size.
    static func restore(_ tensors: [ResumeTensor], from path: String) throws {
        let file = try SafetensorsFile(path: path)
        for tensor in tensors {
            // Files of the first version have no counts of the single parameters: all count as the optimizer does.
            if tensor.name == "updates", file.tensor(named: tensor.name) == nil { continue }
            try file.read(tensor.name, into: tensor.elements)
        }
    }
}
