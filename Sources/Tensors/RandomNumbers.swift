internal import CKernels

/// Random numbers that are a function of seed, stream and position.
public enum RandomNumbers {
    /// Fills memory with N(0, deviation²), by Philox and Box-Muller.
    ///
    /// - Parameters:
    ///   - target: what to fill.
    ///   - deviation: the standard deviation.
    ///   - seed: of the run.
    ///   - stream: a number that no other use with this seed has, below 2⁶³; dropout's streams are apart from these.
    public static func fill(
        _ target: UnsafeMutableBufferPointer<Float>, normalWithDeviation deviation: Float, seed: UInt64, stream: UInt64
    ) {
        guard let base = target.baseAddress else { return }
        ck_normal(seed, 1 << 63 | stream, target.count, deviation, base)
    }

    /// Fills memory with numbers spread evenly over a range, by Philox: 24 bits each.
    ///
    /// - Parameters:
    ///   - target: what to fill.
    ///   - range: its lower bound can occur, its upper bound only by rounding.
    ///   - seed: of the run.
    ///   - stream: a number that no other use with this seed has, below 2⁶³; dropout's streams are apart from these.
    public static func fill(
        _ target: UnsafeMutableBufferPointer<Float>, uniformIn range: ClosedRange<Float>, seed: UInt64, stream: UInt64
    ) {
        guard let base = target.baseAddress else { return }
        ck_uniform(seed, 1 << 63 | stream, target.count, range.lowerBound, range.upperBound - range.lowerBound, base)
    }
}
