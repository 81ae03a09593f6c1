public import Safetensors
public import Tensors

/// A BERT encoder with a classification head: Transformers' `BertForSequenceClassification`, trained on packed batches.
///
/// Not thread-safe: one thread at a time uses a model; it spreads its work over its own pool.
public final class BertClassifier {
    /// The architecture.
    public let configuration: BertConfiguration
    /// Number of classes.
    public let labelCount: Int
    /// All parameters with their gradients; `setTrainable` on it chooses what training changes.
    public let store: ParameterStore
    /// The threads the model works on.
    public let pool: ThreadPool
    /// What the file lacked and what it had too much.
    public let report: LoadReport

    /// The logits that the last ``forwardLoss(_:dropout:labelSmoothing:)`` took the loss of: (B × labels), row by row.
    public private(set) var trainingLogits: [Float] = []

    /// Where losses are recorded.
    public let tape: Tape
    private let network: BertNetwork
    private var loss: Value?

    /// A model of random weights: N(0, initializer_range), biases 0, normalisation 1.
    ///
    /// - Parameters:
    ///   - configuration: the architecture.
    ///   - labelCount: number of classes.
    ///   - seed: of the weights.
    ///   - pool: the threads to work on.
    public init(configuration: BertConfiguration, labelCount: Int, seed: UInt64, pool: ThreadPool) {
        store = ParameterStore(BertLayout(configuration: configuration, labelCount: labelCount).specifications)
        BertWeights(store: store, configuration: configuration, seed: seed).initialise(store.parameters)
        report = LoadReport()
        self.configuration = configuration
        self.labelCount = labelCount
        self.pool = pool
        tape = Tape(store: store, pool: pool)
        network = BertNetwork(store, configuration)
    }

    /// A model with the weights of a Hugging Face file, under names with or without the prefix `bert.`.
    ///
    /// - Parameters:
    ///   - weights: the file or its shards.
    ///   - configuration: of the same directory, perhaps with other dropout or another head.
    ///   - newHead: the number of classes of a new head; nil keeps the head of the file.
    ///   - seed: of the values of new parameters.
    ///   - pool: the threads to work on.
    /// - Throws: ``ModelError`` for tensors that are missing or of the wrong shape, `SafetensorsError`.
    public init(
        weights: SafetensorsDirectory, configuration: BertConfiguration, newHead: Int?, seed: UInt64, pool: ThreadPool
    ) throws {
        let labelCount = try newHead ?? BertWeights.classCount(in: weights, configuration)
        store = ParameterStore(BertLayout(configuration: configuration, labelCount: labelCount).specifications)
        report = try BertWeights(store: store, configuration: configuration, seed: seed)
            .load(weights, keepsHead: newHead == nil)
        self.configuration = configuration
        self.labelCount = labelCount
        self.pool = pool
        tape = Tape(store: store, pool: pool)
        network = BertNetwork(store, configuration)
    }

    /// The mean cross-entropy of a batch, recorded for ``backward(scale:)``.
    ///
    /// - Parameters:
    ///   - batch: with labels.
    ///   - dropout: the step's random streams; nil switches dropout off.
    ///   - labelSmoothing: ε in 0..<1, the share of the target that is spread over all classes.
    /// - Throws: ``ModelError/invalidBatch(reason:)``
    public func forwardLoss(
        _ batch: PackedBatch, dropout: DropoutState?, labelSmoothing: Float = 0
    ) throws(ModelError) -> Float {
        let logits = try record(batch, dropout: dropout, isRecording: true)
        let labels = try classes(of: batch)
        trainingLogits = logits.tensor.elements
        let loss = tape.crossEntropy(logits, labels: labels, smoothing: labelSmoothing)
        self.loss = loss
        return loss.tensor.base[0]
    }

    /// The logits of a batch as a value of the tape, which forgets all that it held before.
    ///
    /// - Parameters:
    ///   - dropout: the step's random streams; nil switches dropout off.
    ///   - isRecording: whether a backward pass may follow.
    /// - Returns: (B × labels)
    /// - Throws: ``ModelError/invalidBatch(reason:)``
    public func record(
        _ batch: PackedBatch, dropout: DropoutState?, isRecording: Bool
    ) throws(ModelError) -> Value {
        try check(batch)
        loss = nil
        tape.discard()
        tape.dropout = dropout
        tape.isRecording = isRecording
        return network.logits(batch, on: tape)
    }

    /// The classes of a batch's sequences, (B).
    ///
    /// - Throws: ``ModelError/invalidBatch(reason:)`` where there are none, or one that the model does not have.
    public func classes(of batch: PackedBatch) throws(ModelError) -> [Int32] {
        guard let labels = batch.labels else { throw .invalidBatch(reason: "has no labels") }
        if let label = labels.first(where: { !(0..<Int32(labelCount)).contains($0) }) {
            throw .invalidBatch(reason: "label \(label), the model has classes 0 to \(labelCount - 1)")
        }
        return labels
    }

    /// Adds the gradients of the last ``forwardLoss(_:dropout:labelSmoothing:)``, times `scale`, to the store's.
    public func backward(scale: Float = 1) {
        guard let loss else { preconditionFailure("backward() without forwardLoss() before") }
        self.loss = nil
        tape.backward(from: loss, seed: scale)
    }

    /// The logits of a batch without dropout.
    ///
    /// - Returns: (B × labels), row by row.
    /// - Throws: ``ModelError/invalidBatch(reason:)``
    public func logits(_ batch: PackedBatch) throws(ModelError) -> [Float] {
        try record(batch, dropout: nil, isRecording: false).tensor.elements
    }

    /// All parameters under the names that Transformers gives them, for a model file.
    public var exportedTensors: [SafetensorsEntry] {
        store.parameters.map { parameter in
            SafetensorsEntry(
                name: BertLayout.exportedName(parameter.name), shape: parameter.shape.extents,
                values: UnsafeBufferPointer(store.value(parameter)))
        }
    }

    /// Memory that activations have taken at most, in bytes.
    public var peakActivationBytes: Int { tape.arena.peakCount * MemoryLayout<Float>.stride }

    /// Refuses what would read beyond a table.
    private func check(_ batch: PackedBatch) throws(ModelError) {
        func check(_ what: String, _ values: [Int32], _ limit: Int) throws(ModelError) {
            if let value = values.first(where: { $0 < 0 || $0 >= limit }) {
                throw .invalidBatch(reason: "\(what) \(value), the model has 0 to \(limit - 1)")
            }
        }
        guard batch.sequenceCount > 0 else { throw .invalidBatch(reason: "has no sequences") }
        try check("token id", batch.tokens, configuration.vocabularySize)
        try check("token type", batch.tokenTypes, configuration.typeVocabularySize)
        try check("position", batch.positions, configuration.maximumPositions)
    }
}
