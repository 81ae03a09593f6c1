internal import Datasets
internal import Foundation
public import FineTuning
public import Models
internal import RunDirectory
internal import Tensors
internal import Tokenizers

/// Hidden tokens to be told from the others: adapts a model to the language of a domain without labels (Devlin et al.
/// 2019; Gururangan et al. 2020).
///
/// Each epoch hides other tokens (Liu et al. 2019); evaluations always hide the same.
public final class MaskedLanguageModelingTask: EncoderTask {
    /// The model, its examples, and how it is written.
    public let assembly: EncoderAssembly
    private let masker: TokenMasker

    /// - Parameter base: the model's directory, whose tokenizer has the mask.
    /// - Throws: `JobError` where it has none.
    init(_ assembly: EncoderAssembly, _ setup: TaskSetup, _ base: PretrainedModel) throws {
        guard let mask = base.maskToken else {
            throw JobError(.invalidModel, "the tokenizer of the model has no mask token", param: "model")
        }
        self.assembly = assembly
        masker = TokenMasker(
            setup.run.recipe.task.masking ?? Masking(), seed: setup.seed, maskID: mask,
            vocabularySize: base.tokenizer.vocabularySize, specialIDs: base.specialTokens)
    }

    /// Texts to train on, with the tokens hidden that this epoch hides.
    public func prepare(_ examples: [Int], at moment: TrainingMoment) -> TokenBatch {
        batch(training, examples, epoch: moment.epoch + 1)
    }

    /// Texts to evaluate on, with the tokens hidden that evaluations hide.
    public func prepareValidation(_ examples: [Int]) -> TokenBatch { batch(validation, examples, epoch: 0) }

    private func batch(_ data: Examples, _ examples: [Int], epoch: Int) -> TokenBatch {
        let masked = examples.map { masker.masked(data.sequence(of: $0), epoch: epoch, example: $0) }
        return TokenBatch(masked.map(\.sequence), targets: masked.map { ($0.places, $0.truths) })
    }

    /// The mean cross-entropy over the hidden tokens.
    public func loss(_ batch: TokenBatch, _ conditions: ForwardConditions) throws -> BatchLoss {
        model.begin(conditions)
        let logits = try model.output(batch.packed, rows: batch.rows)
        let loss = tape.crossEntropy(logits, labels: batch.targets, overwritesLogits: true)
        return BatchLoss(value: loss.value, perExample: batch.means(loss.rows.elements))
    }

    /// The mean cross-entropy over the hidden tokens, its exponential, and the share that was told.
    public func evaluate(step: Int, epoch: Double) throws -> Evaluation {
        var (sum, count, right) = (0.0, 0, 0)
        var losses: [Float] = []
        for piece in validationPieces {
            let batch = prepareValidation(Array(piece))
            let logits = try model.evaluate(batch.packed, rows: batch.rows)
            let table = LogitTable(logits, columns: model.configuration.vocabularySize)
            let tokens = batch.targets.enumerated().map { table.crossEntropy($0, truth: Int($1)) }
            try FiniteAnswers.require(tokens, step: step)
            sum += tokens.reduce(0) { $0 + Double($1) }
            losses += batch.means(tokens)
            count += tokens.count
            right += batch.targets.enumerated().count { table.answer($0) == Int($1) }
        }
        let loss = sum / Double(max(1, count))
        var evaluation = Evaluation(
            step: step, epoch: epoch, validLoss: loss,
            metrics: [.perplexity: exp(loss), .accuracy: Double(right) / Double(max(1, count))])
        evaluation.worstExamples = worstExamples(losses) { place in
            ("", "")
        }
        return evaluation
    }

    /// A training text.
    public func describe(_ example: Int, answer: Float?) -> ExampleDescription {
        ExampleDescription(line: training.line(of: example), text: training.snippet(of: example))
    }

    /// What a model card says of a masked language model.
    public var card: TaskCard {
        TaskCard(
            pipelineTag: "fill-mask", library: "transformers", title: "Masked language model",
            usage: "A masked language model for `transformers`: `pipeline(\"fill-mask\", model=\"…\")`. "
                + "As a base model it gives a better start to other tasks on texts of the same kind.",
            lines: ["Task: hidden tokens"])
    }
}
