/// A figure that an evaluation gives, by which checkpoints can be compared.
public enum MetricName: String, Sendable, Hashable, CaseIterable {
    /// The mean loss over the held-back examples.
    case validLoss = "valid_loss"
    /// The share of right answers; of masks filled right; of triplets whose positive is nearer.
    case accuracy
    /// The share of texts all of whose labels are right.
    case subsetAccuracy = "subset_accuracy"
    /// The mean over the labels of their precision.
    case precision
    /// The mean over the labels of their recall.
    case recall
    /// The mean over the labels (or kinds of entities) of their F1.
    case macroF1 = "macro_f1"
    /// F1 over all decisions.
    case microF1 = "micro_f1"
    /// The area under the receiver operating characteristic, each label against the rest.
    case auroc
    /// The expected calibration error (Guo et al. 2017).
    case ece
    /// The mean squared error.
    case mse
    /// The mean absolute error; of ranks for ordered labels.
    case mae
    /// Pearson's correlation.
    case pearson
    /// Spearman's rank correlation.
    case spearman
    /// The quadratic weighted kappa of ordered labels (Cohen 1968).
    case quadraticWeightedKappa = "qwk"
    /// F1 over whole entities, as CoNLL counts them.
    case entityF1 = "entity_f1"
    /// Precision over whole entities.
    case entityPrecision = "entity_precision"
    /// Recall over whole entities.
    case entityRecall = "entity_recall"
    /// e to the mean loss of a masked token.
    case perplexity
    /// The share of anchors whose positive is the nearest of all.
    case recallAt1 = "recall_at_1"
    /// The share of anchors whose positive is among the five nearest.
    case recallAt5 = "recall_at_5"
    /// The share of anchors whose positive is among the ten nearest.
    case recallAt10 = "recall_at_10"
    /// The mean reciprocal rank of the positive.
    case meanReciprocalRank = "mrr"

    /// Whether a higher value is better.
    public var higherIsBetter: Bool {
        switch self {
        case .validLoss, .ece, .mse, .mae, .perplexity: false
        case .accuracy, .subsetAccuracy, .precision, .recall, .macroF1, .microF1, .auroc, .pearson, .spearman,
            .quadraticWeightedKappa, .entityF1, .entityPrecision, .entityRecall, .recallAt1, .recallAt5, .recallAt10,
            .meanReciprocalRank:
            true
        }
    }

    /// Whether `value` improves on `best` by more than `margin`; a value that is no number never does.
    public func isImprovement(_ value: Double, over best: Double, margin: Double = 0) -> Bool {
        higherIsBetter ? value > best + margin : value < best - margin
    }
}
