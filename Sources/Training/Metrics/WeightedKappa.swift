/// Agreement of two series of ranks beyond chance (Cohen 1968).
public enum WeightedKappa {
    /// Cohen's kappa with quadratic weights, as scikit-learn's `cohen_kappa_score(weights="quadratic")`; nil where
    /// chance alone explains everything (all examples of one rank and all answers the same rank).
    ///
    /// - Parameter counts: by true rank (row) and answered rank (column), (K, K).
    public static func quadratic(_ counts: [[Int]]) -> Double? {
        let truth = counts.map { Double($0.reduce(0, +)) }
        let answers = counts.indices.map { column in Double(counts.reduce(0) { $0 + $1[column] }) }
        let total = truth.reduce(0, +)
        guard total > 0 else { return nil }
        var (observed, expected) = (0.0, 0.0)
        for (row, line) in counts.enumerated() {
            for (column, count) in line.enumerated() {
                let weight = Double((row - column) * (row - column))
                observed += weight * Double(count)
                expected += weight * truth[row] * answers[column] / total
            }
        }
        return expected > 0 ? 1 - observed / expected : nil
    }
}
