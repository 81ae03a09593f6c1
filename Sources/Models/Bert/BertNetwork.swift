internal import Tensors

/// The layers of a BERT classifier over the parameters of a store, from tokens to logits.
struct BertNetwork {
    private let embeddings: EmbeddingParameters
    private let layers: [BertEncoderLayer]
    private let pooler: LinearParameters?
    private let hidden: [LinearParameters]
    private let classifier: LinearParameters
    private let configuration: BertConfiguration

    init(_ store: ParameterStore, _ configuration: BertConfiguration) {
        let names = BertParameterNames(store: store, configuration: configuration)
        embeddings = EmbeddingParameters(
            tokens: names.parameter("embeddings.word_embeddings.weight"),
            positions: names.parameter("embeddings.position_embeddings.weight"),
            types: names.parameter("embeddings.token_type_embeddings.weight"),
            norm: names.norm("embeddings.LayerNorm"), padding: configuration.paddingToken.map { Int32($0) })
        layers = (0..<configuration.layerCount).map { BertEncoderLayer($0, names) }
        pooler = configuration.head.pooling == .cls ? names.linear("pooler.dense") : nil
        hidden = configuration.head.hiddenSizes.indices.map { names.linear("classifier.hidden.\($0)") }
        classifier = names.linear("classifier")
        self.configuration = configuration
    }

    /// The logits of a batch, (B × labels), recorded on the tape.
    func logits(_ batch: PackedBatch, on tape: Tape) -> Value {
        let pooled = pool(batch, on: tape)
        let widened = hidden.reduce(pooled) { x, layer in dense(x, layer, on: tape) }
        let dropped = tape.drop(widened, probability: configuration.classifierDropout ?? configuration.hiddenDropout)
        return tape.linear(dropped, classifier)
    }

    /// One vector a sequence, (B × H).
    ///
    /// With the first token's vector, the last layer is computed for the first tokens only: no other row of its result
    /// has any influence.
    private func pool(_ batch: PackedBatch, on tape: Tape) -> Value {
        let firsts = Array(batch.offsets.dropLast())
        var x = tape.embedding(batch, embeddings, dropoutProbability: configuration.hiddenDropout)
        for (number, layer) in layers.enumerated() {
            let isLast = number == layers.count - 1
            x = layer(x, offsets: batch.offsets, rows: isLast && pooler != nil ? firsts : nil, on: tape)
        }
        if let pooler { return dense(x, pooler, on: tape) }
        return tape.pool(x, offsets: batch.offsets, by: configuration.head.pooling == .mean ? .mean : .max)
    }

    /// tanh(x·Wᵀ + b)
    private func dense(_ x: Value, _ layer: LinearParameters, on tape: Tape) -> Value {
        tape.biasActivation(tape.linear(x, layer, addsBias: false), bias: layer.biases[0], activation: .tanh)
    }
}
