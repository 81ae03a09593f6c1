internal import Tensors

/// The parameters of a head, under the names that Transformers gives them.
///
/// Hidden layers, which Transformers does not have, are `classifier.hidden.N`. A head for sequences that pools other
/// than by the first token is the same in all families: hidden layers and `classifier`.
struct HeadLayout {
    let configuration: EncoderConfiguration
    let head: HeadConfiguration

    var parameters: [EncoderParameter] {
        switch head {
        case .sequence(let outputs, let shape): sequence(outputs, shape)
        case .token(let outputs, let sizes): hiddenLayers(sizes) + output("classifier", outputs, sizes)
        case .maskedLanguageModel: languageModel
        case .embedding: []
        }
    }

    private var group: ParameterGroup {
        ParameterGroup(block: "classifier", depth: configuration.layerCount + 1, role: .head)
    }
    private var hidden: Int { configuration.hiddenSize }

    private func sequence(_ outputs: Int, _ shape: HeadShape) -> [EncoderParameter] {
        let sizes = shape.hiddenSizes
        switch shape.pooling == .cls ? configuration.family.sequenceForm : .pooler {
        case .pooler:
            return hiddenLayers(sizes) + output("classifier", outputs, sizes)
        case .denseOutput:
            return group.linear("classifier.dense", hidden, hidden) + hiddenLayers(sizes)
                + output("classifier.out_proj", outputs, sizes)
        case .preClassifier:
            return group.linear("pre_classifier", hidden, hidden) + hiddenLayers(sizes)
                + output("classifier", outputs, sizes)
        }
    }

    private func hiddenLayers(_ sizes: [Int]) -> [EncoderParameter] {
        zip([hidden] + sizes, sizes).enumerated().flatMap { number, widths in
            group.linear("classifier.hidden.\(number)", widths.1, widths.0)
        }
    }

    private func output(_ name: String, _ outputs: Int, _ sizes: [Int]) -> [EncoderParameter] {
        group.linear(name, outputs, sizes.last ?? hidden)
    }

    private var languageModel: [EncoderParameter] {
        let names = configuration.family.languageModel
        let group = ParameterGroup(block: "lm_head", depth: configuration.layerCount + 1, role: .head)
        var bias = group.bias(String(names.bias.dropLast(".bias".count)), configuration.vocabularySize)
        bias.aliases = names.biasAliases
        return group.linear(names.transform, hidden, hidden) + group.norm(names.norm, hidden) + [bias]
    }
}
