/// How far a job is.
public struct Progress: Sendable, Hashable {
    /// Optimizer steps done.
    public var step: Int
    /// Optimizer steps in all.
    public var totalSteps: Int
    /// Epochs done, with fraction.
    public var epoch: Double
    /// Training examples a second, lately.
    public var samplesPerSecond: Double?

    /// Progress at a step.
    public init(step: Int, totalSteps: Int, epoch: Double, samplesPerSecond: Double? = nil) {
        self.step = step
        self.totalSteps = totalSteps
        self.epoch = epoch
        self.samplesPerSecond = samplesPerSecond
    }
}
