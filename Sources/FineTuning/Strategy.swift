public import JSON

/// How the parameters are moved: optimizer, learning rate, regularisation, evaluation and checkpoints.
public struct Strategy: Sendable, Hashable, JSONRepresentable {
    /// The optimizer.
    public var optimizer = OptimizerSettings()
    /// The peak learning rate; nil until the default for the selected layers is filled in.
    public var learningRate: Double?
    /// The way of the learning rate after the warm-up.
    public var schedule: ScheduleKind = .linear
    /// The power of a polynomial schedule.
    public var schedulePower = 1.0
    /// The share of all steps over which the learning rate rises from 0 to its peak.
    public var warmupRatio = ScheduleKind.linear.defaultWarmupRatio
    /// The learning rate falls by this factor from one block to the next below it; the head keeps the full rate.
    public var layerDecay = 1.0
    /// The peak learning rate of the head; nil takes that of the rest.
    public var headLearningRate: Double?
    /// Decoupled weight decay of matrices; biases and norms are spared.
    public var weightDecay = 0.01
    /// Gradients are scaled down to this global norm; nil does not clip.
    public var maxGradNorm: Double? = 1.0
    /// Dropout probability everywhere in the trunk; nil takes the model's own.
    public var dropout: Double?
    /// The share of the target's probability spread evenly over all labels.
    public var labelSmoothing = 0.0
    /// Half of this times the squared distance to the pretrained weights is added to the loss (Li et al. 2018, L2-SP).
    public var l2SP = 0.0
    /// Evaluations and checkpoints take a running mean of the weights with this decay; nil takes the weights themselves.
    public var ema: Double?
    /// Batches whose gradients make one optimizer step.
    public var gradientAccumulation = 1
    /// Adversarial perturbations of the embeddings; nil neither trains on nor measures any.
    public var adversarial: AdversarialTraining?
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
        schedulePower = try Self.power(fields.optional("schedule_power"), schedule)
        warmupRatio = try fields.optional("warmup_ratio")?.number(in: 0...1) ?? schedule.defaultWarmupRatio
        layerDecay = try fields.optional("layer_decay")?.number(in: 0.01...1) ?? layerDecay
        headLearningRate = try fields.optional("head_learning_rate")?.number(in: Self.learningRates)
        weightDecay = try fields.optional("weight_decay")?.number(in: 0...10) ?? weightDecay
        if fields.has("max_grad_norm") {
            maxGradNorm = try fields.optional("max_grad_norm")?.number(in: 1e-6...1e6)
        }
        dropout = try fields.optional("dropout")?.number(in: 0...0.95)
        labelSmoothing = try fields.optional("label_smoothing")?.number(in: 0...0.99) ?? labelSmoothing
        l2SP = try fields.optional("l2_sp")?.number(in: 0...100) ?? l2SP
        ema = try fields.optional("ema")?.number(in: 0.1...0.999999)
        gradientAccumulation = try fields.optional("gradient_accumulation")?.integer(in: 1...4096) ?? 1
        adversarial = try Recipe.part(fields.optional("adversarial"))
        if let rule = fields.optional("early_stopping") { earlyStopping = try EarlyStopping(rule) }
        keep = try fields.optional("keep")?.choice() ?? keep
        if let interval = fields.optional("evaluate_every") { evaluateEvery = try Interval(interval) }
        if let interval = fields.optional("checkpoint_every") { checkpointEvery = try Interval(interval) }
        keepCheckpoints = try fields.optional("keep_checkpoints")?.integer(in: 1...1000) ?? keepCheckpoints
        try fields.finish()
    }

    private static func power(_ cursor: JSONCursor?, _ schedule: ScheduleKind) throws(JSONFault) -> Double {
        guard let cursor else { return 1 }
        guard schedule == .polynomial else {
            throw cursor.fault("only the schedule \"polynomial\" has a power; leave it out")
        }
        return try cursor.number(in: 0.01...100)
    }

    /// The strategy as JSON.
    public var json: JSONValue {
        let number = { (value: Double) in JSONValue.number(value) }
        return [
            "optimizer": optimizer.json, "learning_rate": JSONValue(learningRate, number),
            "schedule": .string(schedule.rawValue),
            "schedule_power": schedule == .polynomial ? .number(schedulePower) : nil,
            "warmup_ratio": .number(warmupRatio), "layer_decay": .number(layerDecay),
            "head_learning_rate": JSONValue(headLearningRate, number), "weight_decay": .number(weightDecay),
            "max_grad_norm": JSONValue(maxGradNorm, number), "dropout": JSONValue(dropout, number),
            "label_smoothing": .number(labelSmoothing), "l2_sp": .number(l2SP), "ema": JSONValue(ema, number),
            "gradient_accumulation": JSONValue(gradientAccumulation), "adversarial": adversarial?.json ?? .null,
            "early_stopping": earlyStopping?.json ?? .null, "keep": .string(keep.rawValue),
            "evaluate_every": evaluateEvery.json, "checkpoint_every": checkpointEvery.json,
            "keep_checkpoints": JSONValue(keepCheckpoints),
        ]
    }
}
