public import FineTuning

extension ConfusionMatrix {
    /// The labels that were seen or answered: those that scikit-learn averages over.
    private var present: [Int] {
        labels.indices.filter { label in support(label) > 0 || counts.contains { $0[label] > 0 } }
    }

    /// The mean precision of the labels that were seen or answered, as scikit-learn's
    /// `precision_score(average="macro", zero_division=0)` takes it.
    public var macroPrecision: Double { mean(precision) }

    /// The mean recall of the labels that were seen or answered, as scikit-learn's
    /// `recall_score(average="macro", zero_division=0)` takes it.
    public var macroRecall: Double { mean(recall) }

    private func mean(_ score: (Int) -> Double) -> Double {
        let present = present
        return present.isEmpty ? 0 : present.reduce(0) { $0 + score($1) } / Double(present.count)
    }
}
