internal import Tensors

/// Finds a layer's parameters in the store by the layer's name.
struct EncoderParameters {
    let store: ParameterStore
    let configuration: EncoderConfiguration
    let lora: LoRAConfiguration?

    func parameter(_ name: String) -> Parameter {
        guard let parameter = store[name] else { preconditionFailure("the layout has no parameter \(name)") }
        return parameter
    }

    func linear(_ name: String) -> LinearParameters {
        linear([name])
    }

    /// Layers side by side, with those adapters that they have.
    func linear(_ names: [String]) -> LinearParameters {
        LinearParameters(
            weights: names.map { parameter($0 + ".weight") }, biases: names.map { parameter($0 + ".bias") },
            adapters: names.map(adapter))
    }

    /// The adapter beside a linear layer, or nil.
    func adapter(_ name: String) -> LowRankAdapter? {
        guard let lora, let down = store[name + AdapterLayout.down] else { return nil }
        return LowRankAdapter(
            down: down, up: parameter(name + AdapterLayout.up), magnitude: store[name + AdapterLayout.magnitude],
            scale: lora.scale, dropoutProbability: lora.dropout)
    }

    func norm(_ name: String) -> NormParameters {
        NormParameters(
            gamma: parameter(name + ".weight"), beta: parameter(name + ".bias"),
            epsilon: configuration.layerNormEpsilon)
    }
}
