/// The streams of random numbers that are drawn from a job's seed, kept apart so that none repeats another.
enum RandomStream {
    /// An epoch's shuffle.
    static func shuffle(epoch: Int) -> UInt64 { 1 << 40 | UInt64(epoch) }

    /// The choice of a label's examples for validation.
    static func split(label: Int) -> UInt64 { 2 << 40 | UInt64(label) }
}
