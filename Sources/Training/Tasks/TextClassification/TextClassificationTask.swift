public import Datasets
public import FineTuning
internal import JSON
public import Models
internal import RunDirectory
internal import Tensors

/// Labels for a text or a pair of texts: one of several, one of several ranks, or any number of them.
///
/// The losses are those of transformers: softmax and cross-entropy for one label, the logistic function and binary
/// cross-entropy for several; ranks are trained on probabilities that fall off with the distance (``LabelKind``).
public final class TextClassificationTask: EncoderTask {
    /// The model, its examples, and how it is written.
    public let assembly: EncoderAssembly
    private let kind: LabelKind
    private let labelSmoothing: Float
    /// How much a text of each class counts, (classes); empty where all count the same.
    private let classWeights: [Float]
    private let pass: SequencePass

    /// A task over a model and examples that are in memory, one label a text.
    ///
    /// - Parameters:
    ///   - validation: may be empty.
    ///   - labelSmoothing: the share of the target that is spread over all classes in training.
    ///   - modelDirectory: of the pretrained model, whose tokenizer is copied.
    /// - Throws: `SystemCallError` where a file of the tokenizer cannot be read.
    public convenience init(
        model: EncoderModel, labels: [String], training: Examples, validation: Examples = Examples(),
        labelSmoothing: Double = 0, modelDirectory: String
    ) throws {
        self.init(
            try EncoderAssembly(
                model: model, data: TaskData(labels: labels, training: training, validation: validation),
                modelDirectory: modelDirectory),
            .single, labelSmoothing: labelSmoothing)
    }

    convenience init(_ assembly: EncoderAssembly, _ recipe: Recipe) {
        self.init(assembly, LabelKind(recipe.task), labelSmoothing: recipe.strategy.labelSmoothing)
    }

    private init(_ assembly: EncoderAssembly, _ kind: LabelKind, labelSmoothing: Double) {
        self.assembly = assembly
        self.kind = kind
        self.labelSmoothing = Float(labelSmoothing)
        classWeights = assembly.data.classWeights.map { Float($0) }
        pass = SequencePass(assembly)
    }

    /// Texts to train on, with their classes.
    public func prepare(_ examples: [Int], at moment: TrainingMoment) -> SequenceBatch {
        var batch = batch(
            training, examples, packed: training.batch(examples, changes, epoch: moment.epoch), isTraining: true)
        batch.mixture = changes.mixture(moment, count: examples.count)
        return batch
    }

    /// Texts to evaluate on, with their classes.
    public func prepareValidation(_ examples: [Int]) -> SequenceBatch {
        batch(validation, examples, packed: validation.batch(examples), isTraining: false)
    }

    private func batch(_ data: Examples, _ examples: [Int], packed: PackedBatch, isTraining: Bool) -> SequenceBatch {
        let classes = kind == .multiple ? [] : examples.map { data.label(of: $0) }
        return SequenceBatch(
            packed: packed, examples: examples, isTraining: isTraining, classes: classes,
            targets: kind == .multiple ? examples.flatMap { data.targets(of: $0, labelCount: labels.count) } : [],
            weights: classWeights.isEmpty || !isTraining ? nil : classes.map { classWeights[Int($0)] })
    }

    /// The mean loss, with label smoothing and mixtures where the pass is recorded.
    public func loss(_ batch: SequenceBatch, _ conditions: ForwardConditions) throws -> BatchLoss {
        let logits = try pass.output(batch, conditions)
        let table = LogitTable(logits.tensor.elements, columns: logits.tensor.columns)
        let loss = record(logits, batch, isTraining: conditions.isRecording)
        if kind == .multiple {
            let right = zip(table.values, batch.targets).count { ($0 > 0) == ($1 > 0.5) }
            return BatchLoss(
                value: loss.value, perExample: loss.rows.elements, answers: (right, batch.targets.count))
        }
        let answers = batch.classes.indices.map(table.answer)
        return BatchLoss(
            value: loss.value,
            perExample: batch.classes.enumerated().map { table.crossEntropy($0, truth: Int($1)) },
            exampleAnswers: answers.map { Float($0) },
            answers: (zip(answers, batch.classes).count { $0 == Int($1) }, answers.count))
    }

    private func record(_ logits: Value, _ batch: SequenceBatch, isTraining: Bool) -> Loss {
        let smoothing = isTraining ? labelSmoothing : 0
        switch kind {
        case .multiple:
            // As transformers' label smoother: of several labels none is smoothed.
            let targets = batch.mixture?.mix(batch.targets) ?? batch.targets
            return tape.binaryCrossEntropy(logits, targets: targets)
        case .single where batch.mixture == nil:
            return tape.crossEntropy(
                logits, labels: batch.classes, smoothing: smoothing, rowWeights: batch.weights)
        case .single, .ordinal:
            let targets = kind.distributions(of: batch.classes, count: labels.count, smoothing: smoothing)
            return tape.crossEntropy(
                logits, targets: batch.mixture?.mix(targets) ?? targets,
                rowWeights: batch.weights.map { batch.mixture?.mix($0) ?? $0 })
        }
    }

    /// The mean loss (without label smoothing), and all that the answers say.
    public func evaluate(step: Int, epoch: Double) throws -> Evaluation {
        var (logits, losses): ([Float], [Float]) = ([], [])
        for piece in validationPieces {
            let batch = prepareValidation(Array(piece))
            let output = try pass.output(batch, .evaluation)
            logits += output.tensor.elements
            losses += record(output, batch, isTraining: false).rows.elements
        }
        try FiniteAnswers.require(logits, step: step)
        let table = LogitTable(logits, columns: labels.count)
        let all = Array(0..<validationCount)
        var evaluation =
            kind == .multiple
            ? MultiLabelReport(
                labels: labels, logits: table,
                truth: all.flatMap { validation.targets(of: $0, labelCount: labels.count).map { $0 > 0.5 } },
                losses: losses
            ).evaluation(step: step, epoch: epoch)
            : ClassificationReport(
                labels: labels, logits: table, truth: all.map { Int(validation.label(of: $0)) }, losses: losses,
                isOrdinal: kind == .ordinal
            ).evaluation(step: step, epoch: epoch)
        evaluation.worstExamples = worstExamples(losses) { place in
            (name(of: truth(validation, place)), name(of: answer(table, place)))
        }
        return evaluation
    }

    /// A training text with its label and the model's last answer.
    public func describe(_ example: Int, answer: Float?) -> ExampleDescription {
        ExampleDescription(
            line: training.line(of: example), label: json(truth(training, example)),
            answer: answer.map { .string(labels[Int($0)]) } ?? .null, text: training.snippet(of: example))
    }

    /// Whether a loss is the negative logarithm of the given label's probability.
    public var lossesAreLogProbabilities: Bool { kind != .multiple }

    private func truth(_ data: Examples, _ example: Int) -> [String] {
        guard kind == .multiple else { return [labels[Int(data.label(of: example))]] }
        return zip(labels, data.targets(of: example, labelCount: labels.count)).filter { $0.1 > 0.5 }.map(\.0)
    }

    private func answer(_ table: LogitTable, _ row: Int) -> [String] {
        guard kind == .multiple else { return [labels[table.answer(row)]] }
        return zip(labels, table[row]).filter { $0.1 > 0 }.map(\.0)
    }

    private func name(of labels: [String]) -> String { labels.isEmpty ? "none" : labels.joined(separator: ", ") }

    private func json(_ labels: [String]) -> JSONValue {
        kind == .multiple ? .array(labels.map { .string($0) }) : .string(labels[0])
    }

    /// Memory of the vectors that are kept over a frozen trunk, in bytes.
    public var keptFeatureBytes: Int { pass.keptBytes }

    /// What a model card says of a classifier.
    public var card: TaskCard {
        let task =
            switch kind {
            case .single: "one of \(labels.count) labels for a text"
            case .ordinal: "one of \(labels.count) ranks for a text"
            case .multiple: "any of \(labels.count) labels for a text"
            }
        return TaskCard(
            pipelineTag: "text-classification", library: export.library, title: "Text classifier",
            usage: export.usage(
                "A sequence classification model for `transformers`: "
                    + "`pipeline(\"text-classification\", model=\"…\")`.",
                output: "the logits of the labels"),
            lines: ["Task: \(task)", "Labels: \(labels.map(TaskCard.plain).joined(separator: ", "))"])
    }
}
