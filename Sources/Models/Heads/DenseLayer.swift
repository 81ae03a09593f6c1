public import Safetensors
public import Tensors

/// A linear layer between a pooled vector and a head's output, as another library would take it over.
public struct DenseLayer {
    /// (outputs × inputs)
    public let weight: SafetensorsEntry
    /// (outputs)
    public let bias: SafetensorsEntry
    /// What follows it; nil for nothing.
    public let activation: Activation?
}

extension EncoderModel {
    /// The linear layers from the pooled token vectors to the output, the family's own and the pooler among them; none
    /// for heads that are not of linear layers over pooled vectors.
    ///
    /// The values are those of ``exportedTensors``: an adapted pooler's are those that its last use merged.
    public var outputLayers: [DenseLayer] {
        guard case .sequence(_, let shape) = head else { return [] }
        var layers = store["pooler.dense.weight"] == nil ? [] : [dense("pooler.dense", .tanh)]
        let form = configuration.family.form(of: head)
        if let own = form.dense { layers.append(dense(own.name, own.activation)) }
        layers += shape.hiddenSizes.indices.map { dense("classifier.hidden.\($0)", .tanh) }
        return layers + [dense(form.output, nil)]
    }

    private func dense(_ name: String, _ activation: Activation?) -> DenseLayer {
        DenseLayer(weight: entry(name + ".weight"), bias: entry(name + ".bias"), activation: activation)
    }

    private func entry(_ name: String) -> SafetensorsEntry {
        guard let parameter = store[name] else { preconditionFailure("the layout has no parameter \(name)") }
        return SafetensorsEntry(
            name: name, shape: parameter.shape.extents, values: UnsafeBufferPointer(exportedValue(of: parameter)))
    }
}
