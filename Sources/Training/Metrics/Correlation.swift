/// How well two series go together.
public enum Correlation {
    /// Pearson's coefficient, from -1 to 1; nil where a series does not vary or there are fewer than two pairs.
    ///
    /// - Parameters:
    ///   - x: (N)
    ///   - y: (N)
    public static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
        precondition(x.count == y.count, "series of the same length")
        guard x.count > 1 else { return nil }
        let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (a, b) in zip(x, y) {
            xx += (a - meanX) * (a - meanX)
            yy += (b - meanY) * (b - meanY)
            xy += (a - meanX) * (b - meanY)
        }
        guard xx > 0, yy > 0 else { return nil }
        return max(-1, min(1, xy / (xx.squareRoot() * yy.squareRoot())))
    }

    /// Spearman's coefficient: Pearson's of the ranks, equal values sharing their mean rank, as `scipy.stats.spearmanr`.
    ///
    /// - Complexity: O(N log N)
    public static func spearman(_ x: [Double], _ y: [Double]) -> Double? { pearson(ranks(x), ranks(y)) }

    /// The rank of each value, from 1; equal values share the mean of their ranks.
    ///
    /// - Parameter values: (N), none of them NaN.
    public static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            // Ranks start + 1 … end.
            for place in order[start..<end] { ranks[place] = Double(start + 1 + end) / 2 }
            start = end
        }
        return ranks
    }
}
