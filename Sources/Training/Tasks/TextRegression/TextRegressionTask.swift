internal import Datasets
public import FineTuning
internal import JSON
public import Models
internal import RunDirectory
internal import Tensors

/// A number for a text or a pair of texts: mean squared error, as transformers takes it for a single output.
public final class TextRegressionTask: EncoderTask {
    /// The model, its examples, and how it is written.
    public let assembly: EncoderAssembly
    private let pass: SequencePass

    init(_ assembly: EncoderAssembly) {
        self.assembly = assembly
        pass = SequencePass(assembly)
    }

    /// Texts to train on, with their numbers.
    public func prepare(_ examples: [Int], at moment: TrainingMoment) -> SequenceBatch {
        var batch = batch(
            training, examples, packed: training.batch(examples, changes, epoch: moment.epoch), isTraining: true)
        batch.mixture = changes.mixture(moment, count: examples.count)
        return batch
    }

    /// Texts to evaluate on, with their numbers.
    public func prepareValidation(_ examples: [Int]) -> SequenceBatch {
        batch(validation, examples, packed: validation.batch(examples), isTraining: false)
    }

    private func batch(_ data: Examples, _ examples: [Int], packed: PackedBatch, isTraining: Bool) -> SequenceBatch {
        SequenceBatch(
            packed: packed, examples: examples, isTraining: isTraining, classes: [],
            targets: examples.map { data.score(of: $0) }, weights: nil)
    }

    /// The mean squared error, of mixtures where the pass is recorded.
    public func loss(_ batch: SequenceBatch, _ conditions: ForwardConditions) throws -> BatchLoss {
        let output = try pass.output(batch, conditions)
        let loss = tape.meanSquaredError(output, targets: batch.mixture?.mix(batch.targets) ?? batch.targets)
        return BatchLoss(
            value: loss.value, perExample: loss.rows.elements, exampleAnswers: output.tensor.elements)
    }

    /// The mean squared error and the correlations of answers and truth.
    public func evaluate(step: Int, epoch: Double) throws -> Evaluation {
        var answers: [Float] = []
        for piece in validationPieces {
            answers += try pass.output(prepareValidation(Array(piece)), .evaluation).tensor.elements
        }
        try FiniteAnswers.require(answers, step: step)
        let truth = (0..<validationCount).map { validation.score(of: $0) }
        let scores = RegressionScores(answers: answers.map(Double.init), truth: truth.map(Double.init))
        var evaluation = Evaluation(
            step: step, epoch: epoch, validLoss: scores.meanSquaredError,
            metrics: [.mse: scores.meanSquaredError, .mae: scores.meanAbsoluteError])
        evaluation.metrics[.pearson] = scores.pearson
        evaluation.metrics[.spearman] = scores.spearman
        evaluation.scores = ScoreSample(answers: answers, truth: truth)
        let losses = zip(answers, truth).map { ($0 - $1) * ($0 - $1) }
        evaluation.worstExamples = worstExamples(losses) { place in
            ("\(truth[place])", "\(answers[place])")
        }
        return evaluation
    }

    /// A training text with its number and the model's last answer.
    public func describe(_ example: Int, answer: Float?) -> ExampleDescription {
        ExampleDescription(
            line: training.line(of: example), label: JSONValue(training.score(of: example)),
            answer: JSONValue(answer) { JSONValue($0) }, text: training.snippet(of: example))
    }

    /// Memory of the vectors that are kept over a frozen trunk, in bytes.
    public var keptFeatureBytes: Int { pass.keptBytes }

    /// What a model card says of a regression model.
    public var card: TaskCard {
        TaskCard(
            pipelineTag: "text-classification", library: export.library, title: "Text regression model",
            usage: export.usage(
                "A sequence classification model with one output for `transformers`: "
                    + "`pipeline(\"text-classification\", model=\"…\", function_to_apply=\"none\")`.",
                output: "the number"),
            lines: ["Task: a number for a text, or for a pair of texts"])
    }
}
