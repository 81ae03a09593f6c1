internal import FineTuning
internal import Foundation

/// Looks at the numbers of a file as a whole.
enum ScoreChecks {
    /// Numbers further from the middle than so many times the middle half's width are told of.
    private static let outlying: Float = 10

    /// The findings about the training file's scores.
    static func findings(_ scores: [Float], lines: [UInt32], field: String) -> [Finding] {
        let sorted = scores.sorted()
        guard let least = sorted.first, let most = sorted.last, sorted.count > 1 else { return [] }
        guard least < most else {
            return [
                Finding(
                    .error, field: field, reason: "all rows have the score \(least)",
                    fix: "give examples of different scores")
            ]
        }
        let middle = sorted[sorted.count / 2]
        let width = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
        guard width > 0 else { return [] }
        let far = scores.indices.filter { abs(scores[$0] - middle) > outlying * width }
        guard let first = far.first else { return [] }
        return [
            Finding(
                .warning, line: Int(lines[first]), field: field,
                reason: "\(far.count) score\(far.count == 1 ? " lies" : "s lie") far from the others; the first is "
                    + "\(scores[first]), while half of all are between \(sorted[sorted.count / 4]) and "
                    + "\(sorted[sorted.count * 3 / 4])",
                fix: "correct it, if it is a mistake: it would rule the loss")
        ]
    }

    /// The factor that brings scores into the range of a cosine, and what is to be said of it.
    static func cosineScale(_ scores: [Float], field: String) -> (scale: Float, finding: Finding?) {
        let largest = scores.map(abs).max() ?? 0
        guard largest > 1 else { return (1, nil) }
        let negative = (scores.min() ?? 0) < 0
        return (
            1 / largest,
            Finding(
                .warning, field: field,
                reason: "the scores reach to \(largest), but a cosine to 1: they are divided by \(largest)",
                fix: "write scores from \(negative ? "-1" : "0") to 1, if this is not what you mean")
        )
    }
}
