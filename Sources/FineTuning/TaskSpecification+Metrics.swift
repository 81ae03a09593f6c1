extension TaskSpecification {
    /// The figures that the task's evaluations give, the loss first.
    public var metrics: [MetricName] {
        let own: [MetricName] =
            switch type {
            case .textClassification where multiLabel:
                [.accuracy, .subsetAccuracy, .precision, .recall, .macroF1, .microF1, .auroc, .ece]
            case .textClassification where ordinal:
                [.accuracy, .precision, .recall, .macroF1, .microF1, .auroc, .ece, .mae, .quadraticWeightedKappa]
            case .textClassification: [.accuracy, .precision, .recall, .macroF1, .microF1, .auroc, .ece]
            case .textRegression: [.mse, .mae, .pearson, .spearman]
            case .tokenClassification: [.entityF1, .entityPrecision, .entityRecall, .macroF1, .accuracy]
            case .maskedLanguageModeling: [.perplexity, .accuracy]
            case .textEmbedding: embeddingMetrics
            }
        return [.validLoss] + own
    }

    private var embeddingMetrics: [MetricName] {
        let retrieval: [MetricName] = [.recallAt1, .recallAt5, .recallAt10, .meanReciprocalRank]
        switch embedding?.loss ?? .inBatchNegatives {
        case .inBatchNegatives: return retrieval
        case .triplet: return retrieval + [.accuracy]
        case .cosine: return [.spearman, .pearson]
        }
    }

    /// The figure that is told beside the loss.
    public var headlineMetric: MetricName {
        switch type {
        case .textClassification: multiLabel ? .microF1 : .accuracy
        case .textRegression: .spearman
        case .tokenClassification: .entityF1
        case .maskedLanguageModeling: .perplexity
        case .textEmbedding: embedding?.loss == .cosine ? .spearman : .recallAt1
        }
    }

    /// The figure by which the best checkpoint is chosen where the job names none.
    ///
    /// The loss, except where it does not order models as their use does: the loss of a tagger is ruled by the words
    /// outside of entities, that of in-batch negatives by the batch's size and temperature.
    public var defaultSelectionMetric: MetricName {
        switch type {
        case .textClassification, .textRegression, .maskedLanguageModeling: return .validLoss
        case .tokenClassification: return .entityF1
        case .textEmbedding:
            switch embedding?.loss ?? .inBatchNegatives {
            case .inBatchNegatives, .triplet: return .meanReciprocalRank
            case .cosine: return .spearman
            }
        }
    }
}
