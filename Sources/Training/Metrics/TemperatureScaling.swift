internal import Foundation

/// One number by which logits are divided so that confidences become true (Guo et al. 2017); answers stay the same.
public enum TemperatureScaling {
    /// The range of temperatures; a set that is answered without any fault would take it to zero.
    public static let range = 0.05...20.0

    /// The temperature that makes the truth most likely.
    ///
    /// The mean negative log-likelihood is convex in β = 1/T, so Newton's method, kept inside a shrinking bracket, finds
    /// its minimum: the slope is Σ p_j z_j - z_y and the curvature the variance of z under p, both means over the rows.
    ///
    /// - Parameters:
    ///   - logits: (N × classes), row by row; finite.
    ///   - truth: the class of each row, (N).
    ///   - classes: at least 1.
    /// - Returns: a temperature in ``range``; 1 without rows.
    public static func fit(logits: [Float], truth: [Int], classes: Int) -> Double {
        precondition(logits.count == truth.count * classes, "\(classes) logits a row")
        guard !truth.isEmpty else { return 1 }
        var (low, high) = (1 / range.upperBound, 1 / range.lowerBound)
        var inverse = 1.0
        for _ in 0..<100 {
            let (slope, curvature) = derivatives(logits, truth, classes, inverse: inverse)
            if slope > 0 { high = inverse } else { low = inverse }
            let newton = curvature > 0 ? inverse - slope / curvature : .infinity
            let next = newton > low && newton < high ? newton : (low + high) / 2
            if abs(next - inverse) <= 1e-10 * inverse { break }
            inverse = next
        }
        return min(range.upperBound, max(range.lowerBound, 1 / inverse))
    }

    private static func derivatives(
        _ logits: [Float], _ truth: [Int], _ classes: Int, inverse: Double
    ) -> (slope: Double, curvature: Double) {
        var (slope, curvature) = (0.0, 0.0)
        for (row, label) in truth.enumerated() {
            let values = logits[(row * classes)..<((row + 1) * classes)]
            let greatest = Double(values.max() ?? 0)
            var (sum, first, second) = (0.0, 0.0, 0.0)
            for value in values {
                // Taken from the greatest, which changes neither slope nor curvature.
                let z = Double(value) - greatest
                let p = exp(z * inverse)
                sum += p
                first += p * z
                second += p * z * z
            }
            let mean = first / sum
            slope += mean - (Double(values[values.startIndex + label]) - greatest)
            curvature += second / sum - mean * mean
        }
        return (slope / Double(truth.count), curvature / Double(truth.count))
    }
}
