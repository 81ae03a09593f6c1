internal import Tensors

/// The layers of an encoder and its head over the parameters of a store.
struct EncoderNetwork {
    private let embeddings: EmbeddingParameters
    private let layers: [EncoderLayer]
    private let pooler: LinearParameters?
    private let output: HeadNetwork
    private let configuration: EncoderConfiguration
    private let head: HeadConfiguration

    init(_ store: ParameterStore, _ layout: EncoderLayout) {
        configuration = layout.configuration
        head = layout.head
        let parameters = EncoderParameters(store: store, configuration: configuration, lora: layout.lora)
        embeddings = EmbeddingParameters(
            tokens: parameters.parameter("embeddings.word_embeddings.weight"),
            positions: parameters.parameter("embeddings.position_embeddings.weight"),
            positionOffset: configuration.positionOffset,
            types: configuration.family.hasTokenTypes
                ? parameters.parameter("embeddings.token_type_embeddings.weight") : nil,
            norm: parameters.norm("embeddings.LayerNorm"), padding: configuration.paddingToken.map { Int32($0) })
        layers = (0..<configuration.layerCount).map { EncoderLayer($0, parameters) }
        pooler = store["pooler.dense.weight"] != nil ? parameters.linear("pooler.dense") : nil
        output = HeadNetwork(parameters, head)
    }

    /// What enters the head: (B × H) for heads on pooled vectors, else (T × H), or (R × H) with `rows`.
    ///
    /// Where only some rows of the last layer's result have any influence, no others are computed.
    func features(
        _ batch: PackedBatch, rows: [Int32]?, perturbation: EmbeddingPerturbation?, on tape: Tape
    ) -> Value {
        var x = tape.embedding(
            batch, embeddings, dropoutProbability: configuration.hiddenDropout, perturbation: perturbation)
        let last = head.pooling == .cls ? batch.firstTokens : rows.map { RowSelection($0, of: batch.offsets) }
        for (number, layer) in layers.enumerated() {
            x = layer(x, offsets: batch.offsets, rows: number == layers.count - 1 ? last : nil, on: tape)
        }
        switch head.pooling {
        case nil: return x
        case .mean: return tape.pool(x, offsets: batch.offsets, by: .mean)
        case .max: return tape.pool(x, offsets: batch.offsets, by: .max)
        case .cls: return pooler.map { tape.dense(x, $0, activation: .tanh) } ?? x
        }
    }

    /// The head's output.
    func output(features: Value, on tape: Tape) -> Value { output(features, on: tape) }
}

extension Tape {
    /// f(x·Wᵀ + b)
    func dense(_ x: Value, _ layer: LinearParameters, activation: Activation) -> Value {
        biasActivation(linear(x, layer, addsBias: false), bias: layer.biases[0], activation: activation)
    }
}
