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
        case .sequence(let outputs, _), .token(let outputs, _): classifier(outputs)
        case .maskedLanguageModel: languageModel
        case .embedding: []
        }
    }

    private var group: ParameterGroup {
        ParameterGroup(block: "classifier", depth: configuration.layerCount + 1, role: .head)
    }
    private var hidden: Int { configuration.hiddenSize }

    private func classifier(_ outputs: Int) -> [EncoderParameter] {
        let form = configuration.family.form(of: head)
        let sizes = head.hiddenSizes
        let dense = form.dense.map { group.linear($0.name, hidden, hidden) } ?? []
        let layers = zip([hidden] + sizes, sizes).enumerated().flatMap { number, widths in
            group.linear("classifier.hidden.\(number)", widths.1, widths.0)
        }
        return dense + layers + group.linear(form.output, outputs, sizes.last ?? hidden)
    }

    private var languageModel: [EncoderParameter] {
        let names = configuration.family.languageModel
        let group = ParameterGroup(block: "lm_head", depth: configuration.layerCount + 1, role: .head)
        var bias = group.bias(String(names.bias.dropLast(".bias".count)), configuration.vocabularySize)
        bias.aliases = names.biasAliases
        return group.linear(names.transform, hidden, hidden) + group.norm(names.norm, hidden) + [bias]
    }
}
