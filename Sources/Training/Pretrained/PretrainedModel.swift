public import FineTuning
public import Models
internal import Foundation
public import Safetensors
public import Tensors
public import Tokenizers

/// A model directory, checked and opened; its weights are mapped, not yet copied.
public struct PretrainedModel: Sendable {
    /// The directory.
    public let directory: String
    /// `config.json`.
    public let configuration: EncoderConfiguration
    /// The weights.
    public let weights: SafetensorsDirectory
    /// The tokenizer.
    public let tokenizer: Tokenizer

    /// Opens a Hugging Face directory.
    ///
    /// - Throws: `JobError` of code `invalid_model` that names the file and what is wrong with it.
    public init(directory: String) throws(JobError) {
        guard FileManager.default.fileExists(atPath: directory) else {
            throw JobError(
                .invalidModel,
                "there is no model directory \(directory); it must hold config.json, model.safetensors "
                    + "and tokenizer.json or vocab.txt", param: "model")
        }
        do {
            self.directory = directory
            configuration = try EncoderConfiguration(directory: directory)
            weights = try SafetensorsDirectory(path: directory)
            tokenizer = try Tokenizer(directory: directory)
        } catch {
            throw JobError(cause: error)
        }
        guard tokenizer.largestID < configuration.vocabularySize else {
            throw JobError(
                .invalidModel,
                "the tokenizer in \(directory) has token numbers up to \(tokenizer.largestID), but vocab_size in "
                    + "config.json is \(configuration.vocabularySize); they belong to different models", param: "model")
        }
    }

    /// The file's own head for whole sequences; nil where it has none.
    public func ownHead() throws(JobError) -> HeadConfiguration? {
        do {
            guard case .sequence(let outputs, let shape)? = try configuration.head(in: weights) else { return nil }
            return configuration.labels.isEmpty ? nil : .sequence(outputs: outputs, shape: shape)
        } catch {
            throw JobError(cause: error)
        }
    }

    /// The longest text that the model takes, in tokens.
    public var longestText: Int { configuration.longestSequence }

    /// The head that training begins with.
    public enum Head: Sendable, Hashable {
        /// The file's own.
        case kept(HeadConfiguration)
        /// A new one.
        case new(HeadConfiguration)

        /// Its form.
        public var configuration: HeadConfiguration {
            switch self {
            case .kept(let head), .new(let head): head
            }
        }
    }

    /// Which head a task begins with: the file's own where it has the same labels and form, unless a new one is asked
    /// for.
    ///
    /// - Parameter isResumed: whether the directory is a checkpoint of the run itself, whose head is kept in any case.
    /// - Throws: `JobError` where the file's head is not whole.
    public func head(
        for task: TaskSpecification, labels: [String], isResumed: Bool = false
    ) throws(JobError) -> Head {
        let own = try ownHead()
        if isResumed, let own { return .kept(own) }
        let wanted = headShape(task, own: own)
        let new = Head.new(.sequence(outputs: labels.count, shape: wanted))
        guard task.headInit == .auto, let own, configuration.labels == labels else { return new }
        let isSame =
            wanted.pooling == configuration.headShape.pooling
            && (task.head.hiddenSizes.isEmpty || task.head.hiddenSizes == configuration.headShape.hiddenSizes)
        return isSame ? .kept(own) : new
    }

    /// `config.json` of the classifier that a task makes of this model, without the dropout of the training strategy.
    public func configuration(for task: TaskSpecification, head: Head) -> EncoderConfiguration {
        var configuration = configuration
        if let dropout = task.head.dropout { configuration.outputDropout = Float(dropout) }
        return configuration
    }

    private func headShape(_ task: TaskSpecification, own: HeadConfiguration?) -> HeadShape {
        let pooling: SentencePooling =
            switch task.head.pooling {
            case .auto: own?.pooling ?? .cls
            case .cls: .cls
            case .mean: .mean
            case .max: .max
            }
        return HeadShape(pooling: pooling, hiddenSizes: task.head.hiddenSizes)
    }

    /// Copies the weights into a classifier.
    ///
    /// - Parameters:
    ///   - configuration: from ``configuration(for:head:)``.
    ///   - dropout: replaces the model's own everywhere but before the classifier, where nil keeps it.
    /// - Throws: `JobError` of code `invalid_model`.
    public func classifier(
        configuration: EncoderConfiguration, head: Head, dropout: Double?, seed: UInt64, pool: ThreadPool
    ) throws(JobError) -> EncoderModel {
        var configuration = configuration
        if let dropout {
            configuration.hiddenDropout = Float(dropout)
            configuration.attentionDropout = Float(dropout)
        }
        let keepsHead = if case .kept = head { true } else { false }
        do {
            return try EncoderModel(
                weights: weights, configuration: configuration, head: head.configuration, keepsHead: keepsHead,
                seed: seed, pool: pool)
        } catch {
            throw JobError(cause: error)
        }
    }
}
