internal import Tensors

/// Finds a layer's parameters in the store by the layer's name.
struct EncoderParameters {
    let store: ParameterStore
    let configuration: EncoderConfiguration

    func parameter(_ name: String) -> Parameter {
        guard let parameter = store[name] else { preconditionFailure("the layout has no parameter \(name)") }
        return parameter
    }

    func linear(_ name: String) -> LinearParameters {
        LinearParameters(weight: parameter(name + ".weight"), bias: parameter(name + ".bias"))
    }

    func norm(_ name: String) -> NormParameters {
        NormParameters(
            gamma: parameter(name + ".weight"), beta: parameter(name + ".bias"),
            epsilon: configuration.layerNormEpsilon)
    }
}
