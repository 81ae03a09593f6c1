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
        let form = parameters.configuration.family.form(of: head)
        first = form.dense.map { (parameters.linear($0.name), $0.activation) }
        hidden = head.hiddenSizes.indices.map { parameters.linear("classifier.hidden.\($0)") }
        output = parameters.linear(form.output)
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
