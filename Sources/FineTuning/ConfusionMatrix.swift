/// How often each true label was answered with each label.
public struct ConfusionMatrix: Sendable, Hashable {
    /// The labels, in the order of rows and columns.
    public let labels: [String]
    /// Counts by true label (row) and answered label (column): `(labels, labels)`.
    public private(set) var counts: [[Int]]

    /// A matrix of zeros.
    public init(labels: [String]) {
        self.labels = labels
        counts = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
    }

    init(labels: [String], counts: [[Int]]) {
        self.labels = labels
        self.counts = counts
    }

    /// Counts one example.
    public mutating func add(truth: Int, answer: Int) { counts[truth][answer] += 1 }

    /// The number of examples.
    public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The share of right answers; 0 without examples.
    public var accuracy: Double {
        let right = labels.indices.reduce(0) { $0 + counts[$1][$1] }
        return total == 0 ? 0 : Double(right) / Double(total)
    }

    /// Examples of a true label.
    public func support(_ label: Int) -> Int { counts[label].reduce(0, +) }

    /// The share of answers "label" that were right; 0 where it was never answered.
    public func precision(_ label: Int) -> Double {
        let answered = labels.indices.reduce(0) { $0 + counts[$1][label] }
        return answered == 0 ? 0 : Double(counts[label][label]) / Double(answered)
    }

    /// The share of a label's examples that were found; 0 where there are none.
    public func recall(_ label: Int) -> Double {
        support(label) == 0 ? 0 : Double(counts[label][label]) / Double(support(label))
    }

    /// The harmonic mean of precision and recall; 0 where both are.
    public func f1(_ label: Int) -> Double {
        let (precision, recall) = (precision(label), recall(label))
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }

    /// The mean F1 of the labels that were seen or answered, as scikit-learn's `f1_score(average="macro")` takes it.
    public var macroF1: Double { mean(f1) }

    /// The mean of a score over the labels that were seen or answered; 0 without any.
    func mean(_ score: (Int) -> Double) -> Double {
        let present = labels.indices.filter { label in
            support(label) > 0 || labels.indices.contains { counts[$0][label] > 0 }
        }
        return present.isEmpty ? 0 : present.reduce(0) { $0 + score($1) } / Double(present.count)
    }
}
