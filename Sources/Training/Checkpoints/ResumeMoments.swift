internal import FineTuning
internal import Safetensors
internal import Tensors

/// The optimizer's moments as tensors of `optimizer.safetensors`: `first_moment.NAME` and `second_moment.NAME` for
/// every trainable parameter.
enum ResumeMoments {
    static func entries(_ optimizer: AdamW, _ store: ParameterStore) -> [SafetensorsEntry] {
        slices(store).flatMap { name, shape, range in
            moments(optimizer).map { prefix, slab in
                SafetensorsEntry(
                    name: "\(prefix).\(name)", shape: shape,
                    values: UnsafeBufferPointer(rebasing: slab.elements[range]))
            }
        }
    }

    /// Reads the moments of exactly the parameters that are trainable now.
    ///
    /// - Throws: `SafetensorsError` where one is missing or of another size.
    static func restore(_ optimizer: AdamW, _ store: ParameterStore, from path: String) throws {
        let file = try SafetensorsFile(path: path)
        for (name, _, range) in slices(store) {
            for (prefix, slab) in moments(optimizer) {
                try file.read("\(prefix).\(name)", into: UnsafeMutableBufferPointer(rebasing: slab.elements[range]))
            }
        }
    }

    private static func moments(_ optimizer: AdamW) -> [(String, Slab)] {
        [("first_moment", optimizer.firstMoments), ("second_moment", optimizer.secondMoments)]
    }

    private static func slices(_ store: ParameterStore) -> [(name: String, shape: [Int], range: Range<Int>)] {
        store.parameters.compactMap { parameter in
            parameter.gradientRange.map { (parameter.name, parameter.shape.extents, $0) }
        }
    }
}
