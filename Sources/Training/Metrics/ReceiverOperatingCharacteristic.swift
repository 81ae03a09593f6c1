/// The area under the curve of true against false positives (AUROC): the chance that a positive example scores higher
/// than a negative one, where equal scores count half (Hanley and McNeil 1982).
public enum ReceiverOperatingCharacteristic {
    /// The area for two classes; nil where one of them has no example.
    ///
    /// - Parameters:
    ///   - scores: (N), higher for what is rather positive; finite.
    ///   - isPositive: (N)
    /// - Complexity: O(N log N)
    public static func area(scores: [Double], isPositive: [Bool]) -> Double? {
        precondition(scores.count == isPositive.count, "one truth a score")
        let positives = isPositive.count { $0 }
        let negatives = isPositive.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        let sum = zip(Correlation.ranks(scores), isPositive).reduce(0) { $1.1 ? $0 + $1.0 : $0 }
        let least = Double(positives) * Double(positives + 1) / 2
        return (sum - least) / (Double(positives) * Double(negatives))
    }

    /// The mean over the columns of each column's area, columns without both classes left out; nil where none is left.
    ///
    /// For one label an example this is one-vs-rest, as scikit-learn's `roc_auc_score(multi_class="ovr")`, for several
    /// labels its `average="macro"`.
    ///
    /// - Parameters:
    ///   - scores: (N × columns), row by row.
    ///   - isPositive: whether the example of a row belongs to a column.
    /// - Complexity: O(columns · N log N)
    public static func macroArea(
        scores: [Double], columns: Int, isPositive: (_ row: Int, _ column: Int) -> Bool
    ) -> Double? {
        precondition(columns > 0 && scores.count.isMultiple(of: columns), "whole rows of scores")
        let rows = 0..<(scores.count / columns)
        let areas = (0..<columns).compactMap { column in
            area(
                scores: rows.map { scores[$0 * columns + column] }, isPositive: rows.map { isPositive($0, column) })
        }
        return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
    }
}
