/// When a batch is made: what its random choices are drawn from, beside the run's seed.
public struct TrainingMoment: Sendable, Hashable {
    /// The epoch, from 0.
    public let epoch: Int
    /// The optimizer step, from 1.
    public let step: Int
    /// The number of the micro-batch within its step, from 0.
    public let part: Int

    /// A moment of a run.
    public init(epoch: Int, step: Int, part: Int = 0) {
        self.epoch = epoch
        self.step = step
        self.part = part
    }
}
