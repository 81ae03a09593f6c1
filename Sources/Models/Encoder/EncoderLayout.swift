internal import Tensors

/// The parameters of an encoder with its head: names, shapes and order, as data.
///
/// Names are those of Transformers without the family's prefix (`bert.`), which an exported file has on all but the
/// head. Query, key and value are neighbours so that they can be one product. Blocks are `embeddings`,
/// `encoder.layer.N`, `pooler` and the head's, in all families alike.
struct EncoderLayout {
    let configuration: EncoderConfiguration
    let head: HeadConfiguration

    /// All parameters in the order of the slab.
    var parameters: [EncoderParameter] {
        embeddings + (0..<configuration.layerCount).flatMap(layer) + pooler
            + HeadLayout(configuration: configuration, head: head).parameters
    }

    /// The name of a parameter in a file that Transformers loads as the class of this head.
    func exportedName(_ parameter: Parameter) -> String {
        if parameter.role == .head { return parameter.name }
        if case .embedding = head { return parameter.name }
        return configuration.family.prefix + parameter.name
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
        guard hasPooler else { return [] }
        return ParameterGroup(block: "pooler", depth: configuration.layerCount).linear("pooler.dense", hidden, hidden)
    }

    /// Whether the network ends with BERT's pooler: only its head for whole sequences has one.
    var hasPooler: Bool {
        if case .sequence(_, let shape) = head { return family.sequenceForm == .pooler && shape.pooling == .cls }
        return false
    }
}
