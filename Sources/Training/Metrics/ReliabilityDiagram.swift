/// How often answers of about the same confidence were right (Guo et al. 2017, "On Calibration of Modern Neural
/// Networks").
public struct ReliabilityDiagram: Sendable, Hashable {
    /// Answers whose confidence lies in one interval.
    public struct Bin: Sendable, Hashable {
        /// How many they are.
        public var count = 0
        /// The mean confidence; 0 without answers.
        public var confidence = 0.0
        /// The share that was right; 0 without answers.
        public var accuracy = 0.0
    }

    /// Bins of equal width from confidence 0 to 1; a bin holds its upper but not its lower limit.
    public private(set) var bins: [Bin]

    /// The diagram of some answers.
    ///
    /// - Parameters:
    ///   - confidences: the probability that each answer was given, (N), from 0 to 1.
    ///   - isRight: whether each answer was right, (N).
    ///   - binCount: intervals; 15 is what the paper takes.
    public init(confidences: [Double], isRight: [Bool], binCount: Int = 15) {
        precondition(confidences.count == isRight.count, "one truth an answer")
        bins = Array(repeating: Bin(), count: binCount)
        for (confidence, right) in zip(confidences, isRight) {
            let bin = max(0, min(binCount - 1, Int((confidence * Double(binCount)).rounded(.up)) - 1))
            bins[bin].count += 1
            bins[bin].confidence += confidence
            bins[bin].accuracy += right ? 1 : 0
        }
        for bin in bins.indices where bins[bin].count > 0 {
            bins[bin].confidence /= Double(bins[bin].count)
            bins[bin].accuracy /= Double(bins[bin].count)
        }
    }

    /// The expected calibration error: the mean distance of accuracy from confidence, each bin with its share.
    public var expectedCalibrationError: Double {
        let total = bins.reduce(0) { $0 + $1.count }
        guard total > 0 else { return 0 }
        return bins.reduce(0) { $0 + Double($1.count) * abs($1.accuracy - $1.confidence) } / Double(total)
    }
}
