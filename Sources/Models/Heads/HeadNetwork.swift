internal import Tensors

/// The layers of a head, from what enters it to its output.
struct HeadNetwork {
    private enum Form {
        case classifier(ClassifierLayers)
        case languageModel(LanguageModelLayers)
        case embedding(normalizes: Bool)
    }

    private let form: Form

    init(_ parameters: EncoderParameters, _ head: HeadConfiguration) {
        form =
            switch head {
            case .sequence, .token: .classifier(ClassifierLayers(parameters, head))
            case .maskedLanguageModel: .languageModel(LanguageModelLayers(parameters))
            case .embedding(_, let normalizes): .embedding(normalizes: normalizes)
            }
    }

    func callAsFunction(_ x: Value, on tape: Tape) -> Value {
        switch form {
        case .classifier(let layers): layers(x, on: tape)
        case .languageModel(let layers): layers(x, on: tape)
        case .embedding(let normalizes): normalizes ? tape.normalizeRows(x) : x
        }
    }
}
