internal import FineTuning
internal import Tensors

/// What a written model is tried on before its checkpoint gets its name.
enum ProbeBatch {
    /// Two short sequences of token numbers from all over the vocabulary.
    static func make(longest: Int, vocabularySize: Int) -> PackedBatch {
        let longest = min(12, longest)
        let sequences = [longest, max(1, longest / 2)].map { count in
            (0..<count).map { Int32(($0 * 7919 + 101) % vocabularySize) }
        }
        return PackedBatch(sequences: sequences)
    }

    /// Refuses answers that are not those of the model in memory.
    ///
    /// - Parameter tolerance: relative; of merged adapters more than rounding of a few operations.
    /// - Throws: `JobError` of code `internal_error`.
    static func compare(_ expected: [Float], with found: [Float], tolerance: Float = 1e-6) throws(JobError) {
        let isSame =
            expected.count == found.count
            && zip(expected, found).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($0)) }
        guard isSame else {
            throw JobError(
                .internalError, "the checkpoint answers \(found) where the model in memory answers \(expected)")
        }
    }
}
