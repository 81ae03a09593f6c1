public import JSON

/// What one optimizer step measured.
public struct MetricPoint: Sendable, Hashable, JSONRepresentable {
    /// The optimizer step, from 1.
    public var step: Int
    /// Optimizer steps in all.
    public var totalSteps: Int
    /// Epochs done after this step, with fraction.
    public var epoch: Double
    /// The batch's mean loss.
    public var trainLoss: Double
    /// The share of the batch's examples that were answered right.
    public var trainAccuracy: Double?
    /// The learning rate of this step.
    public var learningRate: Double
    /// The gradients' global norm before clipping.
    public var gradientNorm: Double
    /// Training examples a second in this step.
    public var samplesPerSecond: Double
    /// Tokens trained on so far.
    public var tokens: Int

    /// A step's measurements.
    public init(
        step: Int, totalSteps: Int, epoch: Double, trainLoss: Double, trainAccuracy: Double?, learningRate: Double,
        gradientNorm: Double, samplesPerSecond: Double, tokens: Int
    ) {
        self.step = step
        self.totalSteps = totalSteps
        self.epoch = epoch
        self.trainLoss = trainLoss
        self.trainAccuracy = trainAccuracy
        self.learningRate = learningRate
        self.gradientNorm = gradientNorm
        self.samplesPerSecond = samplesPerSecond
        self.tokens = tokens
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        step = try fields.required("step").integer(in: 0...Int.max)
        totalSteps = try fields.required("total_steps").integer(in: 0...Int.max)
        epoch = try fields.required("epoch").number()
        trainLoss = try fields.required("train_loss").number()
        trainAccuracy = try fields.optional("train_accuracy")?.number()
        learningRate = try fields.required("learning_rate").number()
        gradientNorm = try fields.required("grad_norm").number()
        samplesPerSecond = try fields.required("samples_per_second").number()
        tokens = try fields.required("tokens").integer(in: 0...Int.max)
        try fields.finish()
    }

    /// The point as JSON, which is also the `data` of a `metrics` event.
    public var json: JSONValue {
        [
            "step": JSONValue(step), "total_steps": JSONValue(totalSteps), "epoch": JSONValue(epoch),
            "train_loss": JSONValue(trainLoss), "train_accuracy": JSONValue(trainAccuracy) { JSONValue($0) },
            "learning_rate": JSONValue(learningRate), "grad_norm": JSONValue(gradientNorm),
            "samples_per_second": JSONValue(samplesPerSecond), "tokens": JSONValue(tokens),
        ]
    }
}
