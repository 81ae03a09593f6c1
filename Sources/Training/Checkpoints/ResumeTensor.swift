internal import Tensors

/// A tensor of the resume state, in memory of its owner.
struct ResumeTensor {
    /// Its name in the file.
    let name: String
    let shape: [Int]
    let elements: UnsafeMutableBufferPointer<Float>

    /// The state of an optimizer, or of what else goes along with the weights.
    ///
    /// What an average of the weights holds while the exported weights are in place are the live ones.
    init(_ tensor: StateTensor) {
        name = tensor.name.hasPrefix("average.") ? "weight." + tensor.name.dropFirst("average.".count) : tensor.name
        shape = tensor.shape.extents
        elements = tensor.elements
    }

    /// A parameter's exported values.
    init(_ parameter: Parameter, of store: ParameterStore) {
        name = "parameter.\(parameter.name)"
        shape = parameter.shape.extents
        elements = store.value(parameter)
    }
}
