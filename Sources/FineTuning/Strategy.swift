public import JSON

/// How the parameters are moved: optimizer, learning rate, regularisation, evaluation and checkpoints.
public struct Strategy: Sendable, Hashable, JSONRepresentable {
    /// The optimizer.
    public var optimizer = OptimizerSettings()
    /// The peak learning rate; nil until the default for the selected layers is filled in.
    public var learningRate: Double?
    /// The way of the learning rate after the warm-up.
    public var schedule: ScheduleKind = .linear
    /// The share of all steps over which the learning rate rises from 0 to its peak.
    public var warmupRatio = 0.06
    /// Decoupled weight decay of matrices; biases and norms are spared.
    public var weightDecay = 0.01
    /// Gradients are scaled down to this global norm; nil does not clip.
    public var maxGradNorm: Double? = 1.0
    /// Dropout probability everywhere in the trunk; nil takes the model's own.
    public var dropout: Double?
    /// The share of the target's probability spread evenly over all labels.
    public var labelSmoothing = 0.0
    /// When to stop early; nil trains all epochs.
    public var earlyStopping: EarlyStopping?
    /// Which checkpoint becomes the model.
    public var keep: KeptCheckpoint = .best
    /// How often the validation examples are evaluated.
    public var evaluateEvery: Interval = .epoch
    /// How often a checkpoint is written.
    public var checkpointEvery: Interval = .epoch
    /// How many of the last checkpoints stay, beside the best.
    public var keepCheckpoints = 2

    /// The learning rates that make any sense.
    public static let learningRates = 1e-10...10.0

    /// The defaults.
    public init() {}

    /// Reads the object; what is absent keeps its default. `"max_grad_norm": null` turns clipping off.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        if let optimizer = fields.optional("optimizer") { self.optimizer = try OptimizerSettings(optimizer) }
        learningRate = try fields.optional("learning_rate")?.number(in: Self.learningRates)
        schedule = try fields.optional("schedule")?.choice() ?? schedule
        warmupRatio = try fields.optional("warmup_ratio")?.number(in: 0...1) ?? warmupRatio
        weightDecay = try fields.optional("weight_decay")?.number(in: 0...10) ?? weightDecay
        if fields.has("max_grad_norm") {
            maxGradNorm = try fields.optional("max_grad_norm")?.number(in: 1e-6...1e6)
        }
        dropout = try fields.optional("dropout")?.number(in: 0...0.95)
        labelSmoothing = try fields.optional("label_smoothing")?.number(in: 0...0.99) ?? labelSmoothing
        if let rule = fields.optional("early_stopping") { earlyStopping = try EarlyStopping(rule) }
        keep = try fields.optional("keep")?.choice() ?? keep
        if let interval = fields.optional("evaluate_every") { evaluateEvery = try Interval(interval) }
        if let interval = fields.optional("checkpoint_every") { checkpointEvery = try Interval(interval) }
        keepCheckpoints = try fields.optional("keep_checkpoints")?.integer(in: 1...1000) ?? keepCheckpoints
        try fields.finish()
    }

    /// The metric by which the best checkpoint is chosen.
    public var selectionMetric: SelectionMetric { earlyStopping?.metric ?? .validLoss }

    /// The strategy as JSON.
    public var json: JSONValue {
        let number = { (value: Double) in JSONValue.number(value) }
        return [
            "optimizer": optimizer.json, "learning_rate": JSONValue(learningRate, number),
            "schedule": .string(schedule.rawValue), "warmup_ratio": .number(warmupRatio),
            "weight_decay": .number(weightDecay), "max_grad_norm": JSONValue(maxGradNorm, number),
            "dropout": JSONValue(dropout, number), "label_smoothing": .number(labelSmoothing),
            "early_stopping": earlyStopping?.json ?? .null, "keep": .string(keep.rawValue),
            "evaluate_every": evaluateEvery.json, "checkpoint_every": checkpointEvery.json,
            "keep_checkpoints": JSONValue(keepCheckpoints),
        ]
    }
}
