public import Datasets
public import FineTuning
internal import JSON
public import Models
internal import RunDirectory
internal import Safetensors
public import Tensors

/// One label for a text or a pair of texts: softmax and cross-entropy over the classes.
public final class TextClassificationTask: EncoderTask {
    /// Labelled texts as a micro-batch.
    public struct Batch: EncoderBatch {
        /// The texts with their classes.
        public let packed: PackedBatch
        /// Number of texts.
        public var exampleCount: Int { packed.sequenceCount }
        /// Number of texts.
        public var weight: Double { Double(packed.sequenceCount) }
    }

    /// The model that is trained.
    public let model: EncoderModel
    /// The names of the classes.
    public let labels: [String]
    /// What the check of the data files found.
    public let dataReport: DataReport
    /// What a user should be told before training begins.
    public let remarks: [TaskRemark]
    private let training: Examples
    private let validation: Examples
    private let labelSmoothing: Float
    private let modelDirectory: String

    /// A task over a model and examples that are in memory.
    ///
    /// - Parameters:
    ///   - validation: may be empty.
    ///   - labelSmoothing: the share of the target that is spread over all classes in training.
    ///   - modelDirectory: of the pretrained model, whose tokenizer is copied.
    public init(
        model: EncoderModel, labels: [String], training: Examples, validation: Examples = Examples(),
        labelSmoothing: Double = 0, modelDirectory: String, dataReport: DataReport = DataReport(),
        remarks: [TaskRemark] = []
    ) {
        self.model = model
        self.labels = labels
        self.training = training
        self.validation = validation
        self.labelSmoothing = Float(labelSmoothing)
        self.modelDirectory = modelDirectory
        self.dataReport = dataReport
        self.remarks = remarks
    }

    /// Loads the model and the examples of a run.
    ///
    /// - Throws: `JobError`
    public convenience init(_ setup: TaskSetup) throws {
        let recipe = setup.run.recipe
        let base = try PretrainedModel(directory: setup.directory)
        let data = try RunData.load(
            setup.run, tokenizer: base.tokenizer, longestText: base.longestText, threads: setup.threads)
        let head = try base.head(for: recipe.task, labels: data.labels, isResumed: setup.checkpoint != nil)
        let model = try base.classifier(
            configuration: base.configuration(for: recipe.task, head: head), head: head,
            dropout: recipe.strategy.dropout, seed: setup.seed, pool: setup.pool)
        var remarks: [TaskRemark] = []
        if setup.checkpoint == nil, case .kept = head {
            remarks.append(TaskRemark(.info, "the model's own head is kept: it has the same labels"))
        }
        if recipe.data.maxLength > base.longestText {
            remarks.append(
                TaskRemark(
                    .warn,
                    "data.max_length is \(recipe.data.maxLength), but the model takes \(base.longestText) tokens at "
                        + "most: longer texts are cut there"))
        }
        self.init(
            model: model, labels: data.labels, training: data.training, validation: data.validation,
            labelSmoothing: recipe.strategy.labelSmoothing, modelDirectory: base.directory, dataReport: data.report,
            remarks: remarks)
    }

    /// Texts to train on.
    public var trainingCount: Int { training.count }
    /// Texts to evaluate on.
    public var validationCount: Int { validation.count }
    /// The length of a training text, in tokens.
    public func trainingLength(of example: Int) -> Int { training.length(of: example) }
    /// The length of a validation text, in tokens.
    public func validationLength(of example: Int) -> Int { validation.length(of: example) }
    /// Texts to train on, with their classes.
    public func prepare(_ examples: [Int], at moment: TrainingMoment) -> Batch {
        Batch(packed: training.batch(examples))
    }

    /// Texts to evaluate on, with their classes.
    public func prepareValidation(_ examples: [Int]) -> Batch { Batch(packed: validation.batch(examples)) }

    /// The mean cross-entropy, with label smoothing where the pass is recorded.
    public func loss(_ batch: Batch, _ conditions: ForwardConditions) throws -> BatchLoss {
        model.begin(conditions)
        let logits = try model.output(batch.packed)
        let truth = batch.packed.labels ?? []
        let loss = tape.crossEntropy(logits, labels: truth, smoothing: conditions.isRecording ? labelSmoothing : 0)
            .value
        let scores = logits.tensor.elements
        let right = Evaluator.rightAnswers(scores, truth: truth)
        return BatchLoss(
            value: loss, perExample: Evaluator.crossEntropies(scores, truth: truth), answers: (right, truth.count))
    }

    /// The mean cross-entropy (without label smoothing) and the answers by true label.
    public func evaluate(step: Int, epoch: Double) throws -> Evaluation {
        try Evaluator.evaluate(model, on: validation, labels: labels, step: step, epoch: epoch)
    }

    /// What a model card says of a classifier.
    public var card: TaskCard {
        TaskCard(
            pipelineTag: "text-classification", library: "transformers", title: "Text classifier",
            usage: "A sequence classification model for `transformers`: "
                + "`pipeline(\"text-classification\", model=\"…\")`.",
            lines: [
                "Task: one of \(labels.count) labels for a text",
                "Labels: \(labels.map(TaskCard.plain).joined(separator: ", "))",
            ])
    }

    /// The weights, `config.json` and the tokenizer.
    public func modelFiles() -> [ModelFile] {
        [
            ModelFile(CheckpointFiles.weights, .tensors(model.exportedTensors)),
            ModelFile(
                CheckpointFiles.configuration,
                .text(
                    model.configuration.json(head: model.head, labels: labels, problem: .singleLabel).prettyText)),
        ] + CheckpointFiles.tokenizerFiles(of: modelDirectory)
    }

    /// Compares the logits of what was written with those of the model in memory.
    public func prove(_ directory: String) throws {
        let copy = try EncoderModel(
            weights: SafetensorsDirectory(path: directory), configuration: EncoderConfiguration(directory: directory),
            head: model.head, keepsHead: true, seed: 0, pool: pool)
        let probe = ProbeBatch.make(
            longest: model.configuration.longestSequence, vocabularySize: model.configuration.vocabularySize)
        try ProbeBatch.compare(try model.evaluate(probe), with: try copy.evaluate(probe))
    }
}
