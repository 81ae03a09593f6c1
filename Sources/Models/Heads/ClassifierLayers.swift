internal import Tensors

/// A head of linear layers: outputs for whole sequences or for tokens.
struct ClassifierLayers {
    /// RoBERTa's and DistilBERT's own dense layer before the others.
    private let first: (layer: LinearParameters, activation: Activation)?
    private let hidden: [LinearParameters]
    private let output: LinearParameters
    /// Whether the vectors are dropped out before the first layer too, as `RobertaClassificationHead` does.
    private let dropsInput: Bool
    private let dropout: Float

    init(_ parameters: EncoderParameters, _ head: HeadConfiguration) {
        var form = EncoderFamily.SequenceForm.pooler
        if case .sequence = head, head.pooling == .cls { form = parameters.configuration.family.sequenceForm }
        switch form {
        case .pooler: first = nil
        case .denseOutput: first = (parameters.linear("classifier.dense"), .tanh)
        case .preClassifier: first = (parameters.linear("pre_classifier"), .relu)
        }
        hidden = head.hiddenSizes.indices.map { parameters.linear("classifier.hidden.\($0)") }
        output = parameters.linear(form == .denseOutput ? "classifier.out_proj" : "classifier")
        dropsInput = form == .denseOutput
        dropout = parameters.configuration.outputDropout(of: head)
    }

    func callAsFunction(_ input: Value, on tape: Tape) -> Value {
        var x = dropsInput ? tape.drop(input, probability: dropout) : input
        if let first { x = tape.dense(x, first.layer, activation: first.activation) }
        for layer in hidden { x = tape.dense(x, layer, activation: .tanh) }
        return tape.linear(tape.drop(x, probability: dropout), output)
    }
}
