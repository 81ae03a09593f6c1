internal import FineTuning
internal import Safetensors
internal import Tensors

/// What a run needs to go on beside the model's files and the state's figures: the tensors of `optimizer.safetensors`.
///
/// Moments (`first_moment.NAME` and the like), starting weights of L2-SP, and with an average of the weights the live
/// ones (`weight.NAME`), since the model's files hold the average.
enum ResumeState {
    /// The name of a tensor in the file. What the average holds while the exported weights are in place are the live ones.
    private static func name(_ tensor: StateTensor) -> String {
        tensor.name.hasPrefix("average.") ? "weight." + tensor.name.dropFirst("average.".count) : tensor.name
    }

    static func entries(_ tensors: [StateTensor]) -> [SafetensorsEntry] {
        tensors.map { tensor in
            SafetensorsEntry(
                name: name(tensor), shape: tensor.shape.extents, values: UnsafeBufferPointer(tensor.elements))
        }
    }

    /// Fills tensors in.
    ///
    /// - Throws: `SafetensorsError` where one is missing or of another size.
    static func restore(_ tensors: [StateTensor], from path: String) throws {
        let file = try SafetensorsFile(path: path)
        for tensor in tensors {
            // Files of the first version have no counts of the single parameters: all count as the optimizer does.
            if tensor.name == "updates", file.tensor(named: tensor.name) == nil { continue }
            try file.read(name(tensor), into: tensor.elements)
        }
    }
}
