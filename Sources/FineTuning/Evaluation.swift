public import JSON

/// What the held-back examples say about the model at a step.
public struct Evaluation: Sendable, Hashable, JSONRepresentable {
    /// The optimizer step.
    public var step: Int
    /// Epochs done, with fraction.
    public var epoch: Double
    /// The mean loss, without label smoothing.
    public var validLoss: Double
    /// The task's figures, without the loss.
    public var metrics: MetricTable
    /// Answers by true label; of tasks with one label a text.
    public var confusion: ConfusionMatrix?
    /// Scores by label.
    public var perClass: [ClassScore] = []
    /// Scores by kind of entity.
    public var perEntityType: [ClassScore] = []
    /// How far the probabilities can be believed.
    public var calibration: Calibration?
    /// Answers beside the truth; of tasks whose answer is a number.
    public var scores: ScoreSample?
    /// The examples with the greatest losses, greatest first.
    public var worstExamples: [WorstExample] = []
    /// How far each block's weights have moved.
    public var drift: [BlockDrift] = []
    /// What an attack does to the model.
    public var attack: AttackResult?

    /// An evaluation.
    public init(step: Int, epoch: Double, validLoss: Double, metrics: MetricTable) {
        self.step = step
        self.epoch = epoch
        self.validLoss = validLoss
        self.metrics = metrics
    }

    /// An evaluation of a task with one label a text; the figures and scores are those of the confusion matrix.
    public init(step: Int, epoch: Double, validLoss: Double, confusion: ConfusionMatrix) {
        self.init(step: step, epoch: epoch, validLoss: validLoss, metrics: confusion.metrics)
        self.confusion = confusion
        perClass = confusion.scores
    }

    /// The value of a metric by which checkpoints are compared; nil where there is none, as for a correlation of
    /// answers that are all the same.
    public func value(of metric: MetricName) -> Double? { metric == .validLoss ? validLoss : metrics[metric] }

    /// Reads what ``json`` wrote, also before there were ``metrics``: these are then taken from the confusion matrix.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        step = try fields.required("step").integer(in: 0...Int.max)
        epoch = try fields.required("epoch").number()
        validLoss = try fields.required("valid_loss").number()
        let labels = fields.optional("labels")
        let matrix = fields.optional("confusion_matrix")
        if let labels, let matrix { confusion = try ConfusionMatrix(labels: labels, counts: matrix) }
        metrics = try Recipe.part(fields.optional("metrics")) ?? confusion?.metrics ?? [:]
        perClass = try fields.optional("per_class")?.list() ?? []
        perEntityType = try fields.optional("per_entity_type")?.list() ?? []
        calibration = try Recipe.part(fields.optional("calibration"))
        scores = try Recipe.part(fields.optional("scores"))
        worstExamples = try fields.optional("worst_examples")?.list() ?? []
        drift = try fields.optional("drift")?.list() ?? []
        attack = try Recipe.part(fields.optional("adversarial"))
        for repeated in ["split", "accuracy", "macro_f1"] { _ = fields.optional(repeated) }
        try fields.finish()
    }

    /// The evaluation as JSON, which is also the `data` of an `evaluation` event.
    public var json: JSONValue {
        let number = { (value: Double?) in JSONValue(value) { JSONValue($0) } }
        return [
            "step": JSONValue(step), "epoch": JSONValue(epoch), "split": "validation",
            "valid_loss": JSONValue(validLoss), "metrics": metrics.json, "accuracy": number(metrics[.accuracy]),
            "macro_f1": number(metrics[.macroF1]),
            "labels": JSONValue(confusion) { .array($0.labels.map { .string($0) }) },
            "confusion_matrix": JSONValue(confusion) { .array($0.counts.map { .array($0.map { JSONValue($0) }) }) },
            "per_class": .array(perClass.map(\.json)), "per_entity_type": .array(perEntityType.map(\.json)),
            "calibration": calibration?.json ?? .null, "scores": scores?.json ?? .null,
            "worst_examples": .array(worstExamples.map(\.json)), "drift": .array(drift.map(\.json)),
            "adversarial": attack?.json ?? .null,
        ]
    }
}
