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

    /// The longest text that the model takes, in tokens.
    public var longestText: Int { configuration.longestSequence }

    /// The token that stands for a hidden one, as the families of transformers write it; nil where there is none.
    public var maskToken: Int32? { tokenizer.id(of: "[MASK]") ?? tokenizer.id(of: "<mask>") }

    /// Tokens that no text consists of, as the families of transformers write them.
    var specialTokens: Set<Int32> {
        let names = [
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<s>", "</s>", "<pad>", "<unk>", "<mask>",
        ]
        return Set(names.compactMap { tokenizer.id(of: $0) })
    }

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

    /// Copies the weights into a model.
    ///
    /// - Parameters:
    ///   - configuration: the directory's, perhaps with other dropout.
    ///   - head: what stands on the encoder.
    ///   - lora: new adapters beside linear layers; nil for none.
    ///   - seed: of the values of new parameters.
    /// - Throws: `JobError` of code `invalid_model`.
    public func model(
        configuration: EncoderConfiguration, head: Head, lora: LoRAConfiguration? = nil, seed: UInt64, pool: ThreadPool
    ) throws(JobError) -> EncoderModel {
        let keepsHead = if case .kept = head { true } else { false }
        do {
            return try EncoderModel(
                weights: weights, configuration: configuration, head: head.configuration, keepsHead: keepsHead,
                lora: lora, seed: seed, pool: pool)
        } catch {
            throw JobError(cause: error)
        }
    }
}
