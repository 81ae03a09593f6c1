internal import FineTuning

/// What a tagger's answers to the validation sentences say about it.
struct TaggingReport {
    private var scores = EntityScores()

    /// Takes a sentence in.
    ///
    /// - Parameters:
    ///   - answer: one tag a word.
    ///   - truth: one tag a word.
    mutating func add(answer: [String], truth: [String]) { scores.add(answer: answer, truth: truth) }

    func evaluation(step: Int, epoch: Double, loss: Double) -> Evaluation {
        let total = scores.total
        var evaluation = Evaluation(
            step: step, epoch: epoch, validLoss: loss,
            metrics: [
                .entityF1: total.f1, .entityPrecision: total.precision, .entityRecall: total.recall,
                .macroF1: scores.macroF1, .accuracy: scores.wordAccuracy,
            ])
        evaluation.perEntityType = scores.types.sorted { $0.key < $1.key }.map { type, counts in
            ClassScore(
                label: type, precision: counts.precision, recall: counts.recall, f1: counts.f1,
                support: counts.support)
        }
        return evaluation
    }
}
