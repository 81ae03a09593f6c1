internal import FineTuning

/// What a classifier's answers to the validation examples say about it.
struct ClassificationReport {
    /// More classes than this have no area under a curve each: it would cost more than the evaluation itself.
    static let mostCurves = 1000

    let labels: [String]
    /// (N × labels)
    let logits: LogitTable
    /// The class of each example, (N).
    let truth: [Int]
    /// The loss of each example, (N).
    let losses: [Float]
    /// Whether the labels are ranks.
    let isOrdinal: Bool

    func evaluation(step: Int, epoch: Double) -> Evaluation {
        var confusion = ConfusionMatrix(labels: labels)
        for (row, truth) in truth.enumerated() { confusion.add(truth: truth, answer: logits.answer(row)) }
        let loss = losses.reduce(0) { $0 + Double($1) } / Double(max(1, losses.count))
        var evaluation = Evaluation(step: step, epoch: epoch, validLoss: loss, confusion: confusion)
        if labels.count <= Self.mostCurves { evaluation.metrics[.auroc] = area }
        let (calibration, error) = Calibration.measure(logits, truth: truth)
        evaluation.calibration = calibration
        evaluation.metrics[.ece] = error
        if isOrdinal {
            let distance = truth.indices.reduce(0) { $0 + abs(logits.answer($1) - truth[$1]) }
            evaluation.metrics[.mae] = Double(distance) / Double(max(1, truth.count))
            evaluation.metrics[.quadraticWeightedKappa] = WeightedKappa.quadratic(confusion.counts)
        }
        return evaluation
    }

    /// One against the rest; of two classes both curves have the same area.
    private var area: Double? {
        let scores = truth.indices.flatMap { logits.probabilities($0) }
        return ReceiverOperatingCharacteristic.macroArea(scores: scores, columns: labels.count) { truth[$0] == $1 }
    }
}
