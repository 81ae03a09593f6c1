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

    /// A model of random weights N(0, initializer_range), biases 0, normalisation 1.
    public init(configuration: BertConfiguration, labelCount: Int, seed: UInt64, pool: ThreadPool) { fatalError() }
}
extension BertClassifier {
    /// Loads a Hugging Face directory.
    ///
    /// - Parameters:
    ///   - directory: holds `config.json` and `model.safetensors`.
    ///   - labelCount: for a new head with that many classes; nil keeps the head of the file.
    ///   - head: the form of a new head.
    ///   - seed: of the values of new parameters.
    ///   - pool: the threads to work on.
    /// - Throws: ``ModelError``
    public convenience init(
        directory: String, labelCount: Int?, head: HeadConfiguration = HeadConfiguration(), seed: UInt64,
        pool: ThreadPool
    ) throws { fatalError() }

    /// The mean cross-entropy of a batch, recorded for ``backward(scale:)``.
    ///
    /// - Parameters:
    ///   - batch: with labels.
    ///   - dropout: the step's random streams; nil switches dropout off.
    ///   - labelSmoothing: ε in [0, 1), the share of the target spread over all classes.
    public func forwardLoss(_ batch: PackedBatch, dropout: DropoutState?, labelSmoothing: Float = 0) throws -> Float {
        fatalError()
    }

    /// Adds the gradients of the last ``forwardLoss(_:dropout:labelSmoothing:)``, times `scale`, to the gradient slab.
    public func backward(scale: Float = 1) { fatalError() }

    /// Logits without dropout, (B × labels), row by row.
    public func logits(_ batch: PackedBatch) throws -> [Float] { fatalError() }

    /// All parameters under the names that Transformers gives them.
    public var exportedTensors: [ExportedTensor] { fatalError() }
}
