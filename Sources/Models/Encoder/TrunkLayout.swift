internal import Tensors

/// The parameters of an encoder below its head, block by block.
struct TrunkLayout {
    let configuration: EncoderConfiguration
    let head: HeadConfiguration

    /// `embeddings`, each layer, and the pooler where the head has use for it.
    var blocks: [[EncoderParameter]] {
        [embeddings] + (0..<configuration.layerCount).map(layer) + (hasPooler ? [pooler] : [])
    }

    /// The names of all linear layers.
    var linearNames: [String] {
        let layers = (0..<configuration.layerCount).flatMap { number in
            family.layer.linears.map { "\(family.layerPrefix)\(number).\($0)" }
        }
        return layers + (hasPooler ? ["pooler.dense"] : [])
    }

    private var hidden: Int { configuration.hiddenSize }
    private var family: EncoderFamily { configuration.family }

    private var embeddings: [EncoderParameter] {
        let part = ParameterGroup(block: "embeddings", depth: 0)
        let types =
            family.hasTokenTypes
            ? [part.weight("embeddings.token_type_embeddings", [configuration.typeVocabularySize, hidden])] : []
        return [
            part.weight("embeddings.word_embeddings", [configuration.vocabularySize, hidden]),
            part.weight("embeddings.position_embeddings", [configuration.maximumPositions, hidden]),
        ] + types + part.norm("embeddings.LayerNorm", hidden)
    }

    private func layer(_ number: Int) -> [EncoderParameter] {
        let part = ParameterGroup(block: "encoder.layer.\(number)", depth: number + 1)
        let names = family.layer
        func name(_ suffix: String) -> String { "\(family.layerPrefix)\(number).\(suffix)" }
        let projections = [names.query, names.key, names.value].map(name)
        let middle = configuration.intermediateSize
        return projections.map { part.weight($0, [hidden, hidden]) } + projections.map { part.bias($0, hidden) }
            + part.linear(name(names.attentionOutput), hidden, hidden) + part.norm(name(names.attentionNorm), hidden)
            + part.linear(name(names.intermediate), middle, hidden) + part.linear(name(names.output), hidden, middle)
            + part.norm(name(names.outputNorm), hidden)
    }

    /// BERT's dense layer on the first token's vector; it sits on the topmost layer and shares its depth.
    private var pooler: [EncoderParameter] {
        ParameterGroup(block: "pooler", depth: configuration.layerCount).linear("pooler.dense", hidden, hidden)
    }

    /// Whether the network ends with BERT's pooler: only its head for whole sequences has one.
    var hasPooler: Bool {
        if case .sequence(_, let shape) = head { return family.sequenceForm == .pooler && shape.pooling == .cls }
        return false
    }
}
