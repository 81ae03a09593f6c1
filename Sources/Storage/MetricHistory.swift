/// A training curve by columns, all of the same length.
public struct MetricHistory: Sendable, Hashable {
    /// Optimizer steps.
    public var step: [Int] = []
    /// Epochs done after the step, with fraction.
    public var epoch: [Double] = []
    /// The batch's mean loss.
    public var trainLoss: [Double] = []
    /// The share of the batch's right answers.
    public var trainAccuracy: [Double?] = []
    /// The learning rate.
    public var learningRate: [Double] = []
    /// The gradients' global norm before clipping.
    public var gradientNorm: [Double] = []
    /// Training examples a second.
    public var samplesPerSecond: [Double] = []
    /// Tokens trained on so far.
    public var tokens: [Int] = []
    /// How many points there are before thinning.
    public var total = 0
    /// The number of the last event that the curve takes in: events behind it continue the curve.
    public var lastSequence = 0

    /// An empty curve.
    public init() {}
}
