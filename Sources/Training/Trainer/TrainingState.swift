public import FineTuning
public import JSON

/// Where a run stands after a step: what a checkpoint holds beside weights and moments (`trainer_state.json`).
///
/// The order of examples and every dropout mask are functions of seed and step, so no generator's state is among it.
public struct TrainingState: Sendable, Hashable, JSONRepresentable {
    /// The version of this file's format.
    static let formatVersion = 1

    /// What makes two runs the same: recipe and data, see ``RunFingerprint``.
    public var fingerprint: String
    /// The labels in the order of the output.
    public var labels: [String]
    /// Optimizer steps done.
    public var step = 0
    /// Tokens trained on.
    public var tokens = 0
    /// The loss of the last step.
    public var trainLoss: Double?
    /// The best evaluation so far.
    public var best: BestResult?
    /// Evaluations in a row without improvement.
    public var withoutImprovement = 0
    /// Whether patience has run out.
    public var stoppedEarly = false

    /// The state before the first step.
    public init(fingerprint: String, labels: [String]) {
        self.fingerprint = fingerprint
        self.labels = labels
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        let version = try fields.required("format_version")
        guard try version.integer() == Self.formatVersion else { throw version.fault("expected \(Self.formatVersion)") }
        fingerprint = try fields.required("fingerprint").string()
        labels = []
        for label in try fields.required("labels").elements() { labels.append(try label.string()) }
        step = try fields.required("step").integer(in: 0...Int.max)
        tokens = try fields.required("tokens").integer(in: 0...Int.max)
        trainLoss = try fields.optional("train_loss")?.number()
        if let best = fields.optional("best") { self.best = try BestResult(best) }
        withoutImprovement = try fields.required("evaluations_without_improvement").integer(in: 0...Int.max)
        stoppedEarly = try fields.required("stopped_early").bool()
        try fields.finish()
    }

    /// The state as JSON.
    public var json: JSONValue {
        [
            "format_version": JSONValue(Self.formatVersion), "fingerprint": .string(fingerprint),
            "labels": .array(labels.map { .string($0) }), "step": JSONValue(step), "tokens": JSONValue(tokens),
            "train_loss": JSONValue(trainLoss) { JSONValue($0) }, "best": best?.json ?? .null,
            "evaluations_without_improvement": JSONValue(withoutImprovement), "stopped_early": .bool(stoppedEarly),
        ]
    }
}
