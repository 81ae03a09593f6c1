public import FineTuning

/// Follows the validation metric: which step was best, and whether it is time to stop.
///
/// As transformers' `EarlyStoppingCallback`: every better value is the new best, and patience runs out after that many
/// evaluations in a row that were not better than the best by more than `minDelta`.
public struct SelectionTracker: Sendable, Hashable {
    /// The metric.
    public let metric: MetricName
    /// The rule for stopping early, if there is one.
    public let rule: EarlyStopping?
    /// The best value so far.
    public private(set) var best: BestResult?
    /// Evaluations in a row without improvement.
    public private(set) var withoutImprovement: Int

    /// A tracker at the start, or where a checkpoint left it.
    public init(recipe: Recipe, best: BestResult? = nil, withoutImprovement: Int = 0) {
        metric = recipe.selectionMetric
        rule = recipe.strategy.earlyStopping
        self.best = best
        self.withoutImprovement = withoutImprovement
    }

    /// Takes an evaluation in.
    ///
    /// - Returns: whether it is the best so far.
    public mutating func take(_ evaluation: Evaluation) -> Bool {
        guard let value = evaluation.value(of: metric) else {
            withoutImprovement += 1
            return best == nil
        }
        guard let best else {
            self.best = BestResult(metric: metric, value: value, step: evaluation.step)
            return true
        }
        let enough = metric.isImprovement(value, over: best.value, margin: rule?.minDelta ?? 0)
        withoutImprovement = enough ? 0 : withoutImprovement + 1
        guard metric.isImprovement(value, over: best.value) else { return false }
        self.best = BestResult(metric: metric, value: value, step: evaluation.step)
        return true
    }

    /// Whether training should stop now.
    public var isExhausted: Bool { rule.map { withoutImprovement >= $0.patience } ?? false }
}
