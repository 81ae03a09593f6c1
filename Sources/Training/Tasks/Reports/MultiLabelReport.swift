internal import FineTuning

/// What a classifier's answers of several labels to the validation examples say about it.
///
/// A label is answered where its probability is above a half. Accuracy is the share of right decisions over all examples
/// and labels; calibration is that of these decisions.
struct MultiLabelReport {
    let labels: [String]
    /// (N × labels), before the sigmoid.
    let logits: LogitTable
    /// (N × labels), row by row.
    let truth: [Bool]
    /// The loss of each example, (N).
    let losses: [Float]

    func evaluation(step: Int, epoch: Double) -> Evaluation {
        let answers = logits.values.map { $0 > 0 }
        let scores = MultiLabelScores(answers: answers, truth: truth, labelCount: labels.count)
        let right = zip(answers, truth).count { $0 == $1 }
        let loss = losses.reduce(0) { $0 + Double($1) } / Double(max(1, losses.count))
        var evaluation = Evaluation(
            step: step, epoch: epoch, validLoss: loss,
            metrics: [
                .accuracy: Double(right) / Double(max(1, truth.count)), .subsetAccuracy: scores.subsetAccuracy,
                .precision: scores.macroPrecision, .recall: scores.macroRecall, .macroF1: scores.macroF1,
                .microF1: scores.microF1,
            ])
        if labels.count <= ClassificationReport.mostCurves { evaluation.metrics[.auroc] = area }
        let (calibration, error) = Calibration.measure(decisions, truth: truth.map { $0 ? 1 : 0 })
        evaluation.metrics[.ece] = error
        evaluation.calibration = calibration
        evaluation.perClass = zip(labels, scores.labels).map { label, counts in
            ClassScore(
                label: label, precision: counts.precision, recall: counts.recall, f1: counts.f1,
                support: counts.support)
        }
        return evaluation
    }

    private var area: Double? {
        ReceiverOperatingCharacteristic.macroArea(
            scores: logits.values.map(LogitTable.logistic), columns: labels.count
        ) { truth[$0 * labels.count + $1] }
    }

    /// Each decision as a softmax over no and yes, which has the same probabilities as the sigmoid.
    private var decisions: LogitTable { LogitTable(logits.values.flatMap { [0, $0] }, columns: 2) }
}
