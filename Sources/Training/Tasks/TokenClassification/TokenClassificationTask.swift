internal import Datasets
public import FineTuning
internal import JSON
public import Models
internal import RunDirectory
internal import Tensors

/// A tag for each word of a text. The first piece of a word carries its tag and the others are left out, as in
/// transformers' `run_ner`.
public final class TokenClassificationTask: EncoderTask {
    /// The model, its examples, and how it is written.
    public let assembly: EncoderAssembly
    private let labelSmoothing: Float
    /// How much a word of each tag counts, (tags); empty where all count the same.
    private let tagWeights: [Float]

    init(_ assembly: EncoderAssembly, _ recipe: Recipe) {
        self.assembly = assembly
        labelSmoothing = Float(recipe.strategy.labelSmoothing)
        tagWeights = assembly.data.classWeights.map { Float($0) }
    }

    /// Sentences to train on, with their tags.
    public func prepare(_ examples: [Int], at moment: TrainingMoment) -> TokenBatch {
        batch(
            examples.map { changes.changed(training.sequence(of: $0), epoch: moment.epoch, example: $0) }, weighs: true)
    }

    /// Sentences to evaluate on, with their tags.
    public func prepareValidation(_ examples: [Int]) -> TokenBatch {
        batch(examples.map { validation.sequence(of: $0) }, weighs: false)
    }

    private func batch(_ sequences: [TokenSequence], weighs: Bool) -> TokenBatch {
        TokenBatch(
            sequences,
            targets: sequences.map { sequence in
                let tagged = sequence.tags.enumerated().filter { $0.element != TokenSequence.ignored }
                return (tagged.map(\.offset), tagged.map(\.element))
            },
            weights: weighs && !tagWeights.isEmpty ? { [tagWeights] in tagWeights[Int($0)] } : nil)
    }

    /// The mean cross-entropy over the words, with label smoothing where the pass is recorded.
    public func loss(_ batch: TokenBatch, _ conditions: ForwardConditions) throws -> BatchLoss {
        model.begin(conditions)
        let logits = try model.output(batch.packed, rows: batch.rows)
        let loss = tape.crossEntropy(
            logits, labels: batch.targets, smoothing: conditions.isRecording ? labelSmoothing : 0,
            rowWeights: batch.weights)
        let table = LogitTable(logits.tensor.elements, columns: labels.count)
        let right = batch.targets.enumerated().count { table.answer($0) == Int($1) }
        let losses = batch.targets.enumerated().map { table.crossEntropy($0, truth: Int($1)) }
        return BatchLoss(
            value: loss.value, perExample: batch.means(losses), answers: (right, batch.targets.count))
    }

    /// The mean cross-entropy over the words, and how well entities are found.
    public func evaluate(step: Int, epoch: Double) throws -> Evaluation {
        var report = TaggingReport()
        var (sum, count) = (0.0, 0)
        var losses: [Float] = []
        var answers: [[String]] = []
        for piece in validationPieces {
            let batch = prepareValidation(Array(piece))
            let logits = try model.evaluate(batch.packed, rows: batch.rows)
            try FiniteAnswers.require(logits, step: step)
            let table = LogitTable(logits, columns: labels.count)
            let words = batch.targets.enumerated().map { table.crossEntropy($0, truth: Int($1)) }
            sum += words.reduce(0) { $0 + Double($1) }
            losses += batch.means(words)
            count += words.count
            var start = 0
            for length in batch.counts {
                let answer = (start..<(start + length)).map { labels[table.answer($0)] }
                report.add(answer: answer, truth: batch.targets[start..<(start + length)].map { labels[Int($0)] })
                answers.append(answer)
                start += length
            }
        }
        var evaluation = report.evaluation(step: step, epoch: epoch, loss: sum / Double(max(1, count)))
        evaluation.worstExamples = worstExamples(losses) { place in
            (tags(validation, place).joined(separator: " "), answers[place].joined(separator: " "))
        }
        return evaluation
    }

    private func tags(_ data: Examples, _ example: Int) -> [String] {
        data.sequence(of: example).tags.filter { $0 != TokenSequence.ignored }.map { labels[Int($0)] }
    }

    /// A training sentence with its tags.
    public func describe(_ example: Int, answer: Float?) -> ExampleDescription {
        ExampleDescription(
            line: training.line(of: example), label: .array(tags(training, example).map { .string($0) }),
            text: training.snippet(of: example))
    }

    /// What a model card says of a tagger.
    public var card: TaskCard {
        TaskCard(
            pipelineTag: "token-classification", library: "transformers", title: "Token classifier",
            usage: "A token classification model for `transformers`: "
                + "`pipeline(\"token-classification\", model=\"…\", aggregation_strategy=\"first\")`.",
            lines: [
                "Task: one of \(labels.count) tags for each word; the first piece of a word carries its tag",
                "Tags: \(labels.map(TaskCard.plain).joined(separator: ", "))",
            ])
    }
}
