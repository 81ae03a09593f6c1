public import FineTuning
internal import Models
public import RunDirectory
internal import Tensors
internal import Tokenizers

/// A classifier that answers: a model directory with a head, loaded.
public final class TextClassifier {
    /// The model's directory.
    public let directory: String
    /// The labels in the order of the output.
    public let labels: [String]
    private let model: EncoderModel
    private let pretrained: PretrainedModel

    /// Tokens of one forward pass.
    private static let tokenBudget = 4096

    /// Loads a model directory.
    ///
    /// - Throws: `JobError` of code `invalid_model`, also where the model has no classification head.
    public init(directory: String, threads: Int) throws(JobError) {
        pretrained = try PretrainedModel(directory: directory)
        guard case .sequence? = try pretrained.ownHead(), !pretrained.configuration.labels.isEmpty,
            let head = try pretrained.ownHead()
        else {
            throw JobError(
                .invalidModel, "the model in \(directory) has no classification head; fine-tune it first",
                param: "model")
        }
        self.directory = directory
        labels = pretrained.configuration.labels
        model = try pretrained.model(
            configuration: pretrained.configuration, head: .kept(head), seed: 0,
            pool: ThreadPool(threadCount: threads))
    }

    /// Classifies texts, in their order. Texts that are too long for the model are cut.
    ///
    /// - Throws: `JobError`
    public func predict(_ inputs: [PredictionInput]) throws(JobError) -> [Prediction] {
        var predictions: [Prediction] = []
        var (sequences, types, tokens): ([[Int32]], [[Int32]], Int) = ([], [], 0)
        for (index, input) in inputs.enumerated() {
            let encoding = pretrained.tokenizer.encode(
                input.text, pair: input.textPair, maxLength: pretrained.longestText)
            sequences.append(encoding.ids)
            types.append(encoding.typeIDs)
            tokens += encoding.count
            if tokens >= Self.tokenBudget || index == inputs.count - 1 {
                predictions += try predict(PackedBatch(sequences: sequences, tokenTypes: types))
                (sequences, types, tokens) = ([], [], 0)
            }
        }
        return predictions
    }

    private func predict(_ batch: PackedBatch) throws(JobError) -> [Prediction] {
        do {
            let logits = try model.evaluate(batch)
            return (0..<batch.sequenceCount).map { row in
                .label(
                    LabelScores(
                        labels: labels, logits: Array(logits[(row * labels.count)..<((row + 1) * labels.count)])))
            }
        } catch {
            throw JobError(cause: error)
        }
    }
}
