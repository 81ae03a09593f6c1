internal import Tensors

/// The masked-language-model head: dense, activation, normalisation, and a decoder tied to the token embeddings.
struct LanguageModelLayers {
    private let transform: LinearParameters
    private let activation: Activation
    private let norm: NormParameters
    private let decoder: LinearParameters

    init(_ parameters: EncoderParameters) {
        let configuration = parameters.configuration
        let names = configuration.family.languageModel
        transform = parameters.linear(names.transform)
        activation = names.activation == .gelu ? .gelu : configuration.activation
        norm = parameters.norm(names.norm)
        decoder = LinearParameters(
            weight: parameters.parameter("embeddings.word_embeddings.weight"), bias: parameters.parameter(names.bias))
    }

    func callAsFunction(_ x: Value, on tape: Tape) -> Value {
        tape.linear(tape.layerNorm(tape.dense(x, transform, activation: activation), norm), decoder)
    }
}
