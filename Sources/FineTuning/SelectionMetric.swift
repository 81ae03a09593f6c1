/// A validation metric by which checkpoints are compared.
public enum SelectionMetric: String, Sendable, Hashable, CaseIterable {
    /// The mean loss; lower is better.
    case validLoss = "valid_loss"
    /// The share of right answers; higher is better.
    case accuracy
    /// The mean over the labels of their F1; higher is better.
    case macroF1 = "macro_f1"

    /// Whether a higher value is better.
    public var higherIsBetter: Bool { self != .validLoss }

    /// Whether `value` improves on `best` by more than `margin`.
    public func isImprovement(_ value: Double, over best: Double, margin: Double = 0) -> Bool {
        higherIsBetter ? value > best + margin : value < best - margin
    }
}
