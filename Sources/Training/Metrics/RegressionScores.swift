/// How far answers are from true numbers.
public struct RegressionScores: Sendable, Hashable {
    /// The mean squared error.
    public let meanSquaredError: Double
    /// The mean absolute error.
    public let meanAbsoluteError: Double
    /// Pearson's correlation; nil where truth or answers do not vary.
    public let pearson: Double?
    /// Spearman's rank correlation; nil where truth or answers do not vary.
    public let spearman: Double?

    /// The scores of some answers; zero without any.
    ///
    /// - Parameters:
    ///   - answers: (N)
    ///   - truth: (N)
    public init(answers: [Double], truth: [Double]) {
        precondition(answers.count == truth.count, "one truth an answer")
        let count = Double(max(1, answers.count))
        meanSquaredError = zip(answers, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / count
        meanAbsoluteError = zip(answers, truth).reduce(0) { $0 + abs($1.0 - $1.1) } / count
        pearson = Correlation.pearson(answers, truth)
        spearman = Correlation.spearman(answers, truth)
    }
}
