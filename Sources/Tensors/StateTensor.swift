/// A named tensor that belongs to a run's state, in memory of its owner.
public struct StateTensor {
    /// Name in the resume file.
    public let name: String
    /// Extents in the resume file.
    public let shape: Shape
    /// The elements; valid as long as the owner.
    public let elements: UnsafeMutableBufferPointer<Float>

    /// Slices of a slab that is laid out as the gradients, one for each trainable parameter: `PREFIX.PARAMETER`.
    static func slices(
        of slab: Slab, _ prefix: String, _ store: ParameterStore, where isWanted: (Parameter) -> Bool = { _ in true }
    ) -> [StateTensor] {
        store.parameters.filter(isWanted).compactMap { parameter in
            parameter.gradientRange.map {
                StateTensor(
                    name: "\(prefix).\(parameter.name)", shape: parameter.shape,
                    elements: UnsafeMutableBufferPointer(rebasing: slab.elements[$0]))
            }
        }
    }
}
