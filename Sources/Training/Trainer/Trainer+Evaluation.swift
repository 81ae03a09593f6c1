public import FineTuning

extension Trainer {
    /// Evaluates the validation examples and takes the result into the state.
    ///
    /// - Returns: the evaluation, and whether it is the best so far.
    public func evaluate() throws -> (evaluation: Evaluation, isBest: Bool) {
        let evaluation = try withExportedWeights(measure)
        var tracker = SelectionTracker(
            recipe: recipe, best: state.best, withoutImprovement: state.withoutImprovement)
        let isBest = tracker.take(evaluation)
        state.best = tracker.best
        state.withoutImprovement = tracker.withoutImprovement
        state.stoppedEarly = tracker.isExhausted && state.step < plan.totalSteps
        return (evaluation, isBest)
    }

    /// The task's own evaluation, how far the weights have moved, and what remains under attack.
    private func measure() throws -> Evaluation {
        var evaluation = try task.evaluate(step: state.step, epoch: plan.epochsDone(afterStep: state.step))
        evaluation.drift = try drift?.measure() ?? []
        if let settings = recipe.strategy.adversarial {
            evaluation.attack = try AdversarialEvaluation(task: task, settings: settings).run()
        }
        return evaluation
    }
}
