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
    public let configuration: BertConfiguration
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
            configuration = try BertConfiguration(directory: directory)
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

    /// Whether the file has a classification head of its own.
    public var hasHead: Bool {
        !configuration.labels.isEmpty && weights.tensor(named: "classifier.weight") != nil
    }

    /// The longest text that the model takes, in tokens.
    public var longestText: Int { configuration.maximumPositions }

    /// The head that training begins with.
    public enum Head: Sendable, Hashable {
        /// The file's own.
        case kept
        /// A new one with so many classes.
        case new(Int)
    }

    /// Which head a task begins with: the file's own where it has the same labels and form, unless a new one is asked
    /// for.
    public func head(for task: TaskSpecification, labels: [String]) -> Head {
        guard task.headInit == .auto, hasHead, configuration.labels == labels else { return .new(labels.count) }
        let wanted = headConfiguration(task)
        let isSame =
            wanted.pooling == configuration.head.pooling
            && (task.head.hiddenSizes.isEmpty || task.head.hiddenSizes == configuration.head.hiddenSizes)
        return isSame ? .kept : .new(labels.count)
    }

    /// `config.json` of the classifier that a task makes of this model, without the dropout of the training strategy.
    public func configuration(for task: TaskSpecification, head: Head) -> BertConfiguration {
        var configuration = configuration
        if case .new = head { configuration.head = headConfiguration(task) }
        if let dropout = task.head.dropout { configuration.classifierDropout = Float(dropout) }
        return configuration
    }

    private func headConfiguration(_ task: TaskSpecification) -> HeadConfiguration {
        let pooling: ClassifierPooling =
            switch task.head.pooling {
            case .auto: hasHead ? configuration.head.pooling : .cls
            case .cls: .cls
            case .mean: .mean
            case .max: .max
            }
        return HeadConfiguration(pooling: pooling, hiddenSizes: task.head.hiddenSizes)
    }

    /// Copies the weights into a classifier.
    ///
    /// - Parameters:
    ///   - configuration: from ``configuration(for:head:)``.
    ///   - dropout: replaces the model's own everywhere but before the classifier, where nil keeps it.
    /// - Throws: `JobError` of code `invalid_model`.
    public func classifier(
        configuration: BertConfiguration, head: Head, dropout: Double?, seed: UInt64, pool: ThreadPool
    ) throws(JobError) -> BertClassifier {
        var configuration = configuration
        if let dropout {
            configuration.hiddenDropout = Float(dropout)
            configuration.attentionDropout = Float(dropout)
        }
        let newHead: Int? = if case .new(let count) = head { count } else { nil }
        do {
            return try BertClassifier(
                weights: weights, configuration: configuration, newHead: newHead, seed: seed, pool: pool)
        } catch {
            throw JobError(cause: error)
        }
    }
}
