/// Keys the random streams of one training step.
///
/// Each operation draws from its own counter-based stream, keyed by seed, step and the operation's number within
/// the step, so that a run depends on nothing but its seed and the steps done.
public struct DropoutState: Sendable, Hashable {
    /// The run's seed.
    public let seed: UInt64
    /// The optimizer step, from 0; with accumulation, a number that differs for every micro-batch.
    public let step: UInt64

    /// Streams for one step of a run.
    public init(seed: UInt64, step: UInt64) {
        self.seed = seed
        self.step = step
    }
}
