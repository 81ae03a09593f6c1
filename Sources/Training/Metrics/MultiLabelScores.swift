/// How well several yes-or-no answers an example were given.
public struct MultiLabelScores: Sendable, Hashable {
    /// Answers for one label.
    public struct LabelCounts: Sendable, Hashable {
        /// Rightly answered yes.
        public var truePositives = 0
        /// Wrongly answered yes.
        public var falsePositives = 0
        /// Wrongly answered no.
        public var falseNegatives = 0

        /// The share of yes answers that were right; 0 without any.
        public var precision: Double { Self.share(truePositives, of: truePositives + falsePositives) }
        /// The share of the label's examples that were found; 0 without any.
        public var recall: Double { Self.share(truePositives, of: truePositives + falseNegatives) }
        /// 2TP / (2TP + FP + FN); 0 where the label was neither seen nor answered.
        public var f1: Double { Self.share(2 * truePositives, of: 2 * truePositives + falsePositives + falseNegatives) }
        /// How many examples have the label.
        public var support: Int { truePositives + falseNegatives }

        static func share(_ part: Int, of whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
    }

    /// By label.
    public private(set) var labels: [LabelCounts]
    /// Examples.
    public let count: Int
    /// The share of examples with all labels right.
    public let subsetAccuracy: Double

    /// The scores of some answers.
    ///
    /// - Parameters:
    ///   - answers: (N × labels), row by row.
    ///   - truth: (N × labels), row by row.
    ///   - labelCount: at least 1.
    public init(answers: [Bool], truth: [Bool], labelCount: Int) {
        precondition(answers.count == truth.count && answers.count.isMultiple(of: labelCount), "whole rows")
        labels = Array(repeating: LabelCounts(), count: labelCount)
        count = answers.count / labelCount
        var whole = 0
        for row in 0..<count {
            var isRight = true
            for label in 0..<labelCount {
                let place = row * labelCount + label
                switch (answers[place], truth[place]) {
                case (true, true): labels[label].truePositives += 1
                case (true, false): labels[label].falsePositives += 1
                case (false, true): labels[label].falseNegatives += 1
                case (false, false): break
                }
                isRight = isRight && answers[place] == truth[place]
            }
            whole += isRight ? 1 : 0
        }
        subsetAccuracy = LabelCounts.share(whole, of: count)
    }

    /// All labels' answers together.
    public var total: LabelCounts {
        labels.reduce(into: LabelCounts()) { sum, label in
            sum.truePositives += label.truePositives
            sum.falsePositives += label.falsePositives
            sum.falseNegatives += label.falseNegatives
        }
    }

    /// F1 of all labels' answers together.
    public var microF1: Double { total.f1 }

    /// The mean F1 over all labels, as scikit-learn's `f1_score(average="macro", zero_division=0)`.
    public var macroF1: Double { mean(\.f1) }

    /// The mean precision over all labels.
    public var macroPrecision: Double { mean(\.precision) }

    /// The mean recall over all labels.
    public var macroRecall: Double { mean(\.recall) }

    private func mean(_ score: (LabelCounts) -> Double) -> Double {
        labels.isEmpty ? 0 : labels.reduce(0) { $0 + score($1) } / Double(labels.count)
    }
}
