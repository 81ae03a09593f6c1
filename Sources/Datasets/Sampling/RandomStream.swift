/// The streams of random numbers that are drawn from a job's seed, kept apart so that none repeats another.
enum RandomStream {
    /// An epoch's shuffle.
    static func shuffle(epoch: Int) -> UInt64 { 1 << 40 | UInt64(epoch) }

    /// The choice of a label's examples for validation.
    static func split(label: Int) -> UInt64 { 2 << 40 | UInt64(label) }

    /// The examples that an epoch shows once more, so that each class is shown as often.
    static func oversampling(epoch: Int) -> UInt64 { 3 << 40 | UInt64(epoch) }

    /// The mixtures of a micro-batch of a step.
    static func mixup(step: Int, part: Int) -> UInt64 { 4 << 50 | UInt64(part & 0xFFFF) << 32 | UInt64(step) }

    /// What happens to an example's sequences in an epoch: 10 bits of kind and sequence, 22 of epoch, 32 of example.
    ///
    /// - Parameters:
    ///   - kind: 8 and more; a kind of augmentation, or masking.
    ///   - part: the sequence, 0 to 2.
    static func example(_ example: Int, epoch: Int, kind: UInt64, part: Int) -> UInt64 {
        (kind << 2 | UInt64(part)) << 54 | UInt64(epoch & 0x3F_FFFF) << 32 | UInt64(UInt32(truncatingIfNeeded: example))
    }
}
