public import Datasets
public import FineTuning
public import Models
public import Tensors

/// Does optimizer steps on a model, one at a time, and measures them. Does no input or output.
///
/// A step is a function of the model's bits, the moments, the seed and the step's number: a run that was stopped and
/// goes on gives the same bits as one that was not, at the same number of threads.
public final class Trainer {
    /// The model that is trained.
    public let model: BertClassifier
    /// The optimizer with its moments.
    public let optimizer: AdamW
    /// What there is to do.
    public let plan: TrainingPlan
    /// Where the run stands.
    public var state: TrainingState

    private let recipe: Recipe
    private let training: Examples
    private let validation: Examples
    private let order: (_ epoch: Int) -> [[Int]]
    private var batches: (epoch: Int, indices: [[Int]])?

    /// A trainer before its first step, or where `state` says.
    ///
    /// - Parameters:
    ///   - model: its trainable parameters are set; they may not change any more.
    ///   - state: where the run stands.
    ///   - validation: may be empty.
    ///   - order: the examples of each batch of an epoch; must give the same for the same epoch.
    public init(
        model: BertClassifier, recipe: Recipe, plan: TrainingPlan, state: TrainingState, training: Examples,
        validation: Examples, order: @escaping (_ epoch: Int) -> [[Int]]
    ) {
        self.model = model
        self.recipe = recipe
        self.plan = plan
        self.state = state
        self.training = training
        self.validation = validation
        self.order = order
        let settings = recipe.strategy.optimizer
        optimizer = AdamW(
            model.store,
            configuration: AdamW.Configuration(
                beta1: Float(settings.beta1), beta2: Float(settings.beta2), epsilon: Float(settings.epsilon),
                weightDecay: Float(recipe.strategy.weightDecay)))
    }

    /// Whether nothing is left to do.
    public var isDone: Bool { state.stoppedEarly || state.step >= plan.totalSteps }

    /// Forward, backward, clipping and update on the next batch.
    ///
    /// - Throws: `JobError` of code `diverged` where the loss or a gradient is not finite or every gradient is zero;
    ///   the weights are then as they were before the step.
    public func step() throws -> MetricPoint {
        let step = state.step + 1
        let batch = training.batch(indices(ofStep: step))
        let clock = ContinuousClock()
        let start = clock.now
        model.store.zeroGradients(on: model.pool)
        let loss = try model.forwardLoss(
            batch, dropout: DropoutState(seed: UInt64(bitPattern: Int64(recipe.seed)), step: UInt64(step - 1)),
            labelSmoothing: Float(recipe.strategy.labelSmoothing))
        guard loss.isFinite else { throw divergedLoss(loss, step: step) }
        model.backward()
        let norm = model.store.gradientNorm(on: model.pool)
        try check(norm: norm, step: step)
        let rate = plan.schedule.rate(step: step)
        optimizer.update(
            learningRate: Float(rate),
            gradientScale: Float(GradientClipping.scale(norm: norm, limit: recipe.strategy.maxGradNorm)),
            on: model.pool)
        let seconds = (clock.now - start) / .seconds(1)
        state.step = step
        state.tokens += batch.tokenCount
        state.trainLoss = Double(loss)
        return MetricPoint(
            step: step, totalSteps: plan.totalSteps, epoch: plan.epochsDone(afterStep: step), trainLoss: Double(loss),
            trainAccuracy: Evaluator.accuracy(model.trainingLogits, truth: batch.labels ?? []),
            learningRate: rate, gradientNorm: norm,
            samplesPerSecond: seconds > 0 ? Double(batch.sequenceCount) / seconds : 0, tokens: state.tokens)
    }

    /// Evaluates the held-back examples and takes the result into the state.
    ///
    /// - Returns: the evaluation, and whether it is the best so far.
    public func evaluate() throws -> (evaluation: Evaluation, isBest: Bool) {
        let evaluation = try Evaluator.evaluate(
            model, on: validation, labels: state.labels, step: state.step,
            epoch: plan.epochsDone(afterStep: state.step))
        var tracker = SelectionTracker(
            strategy: recipe.strategy, best: state.best, withoutImprovement: state.withoutImprovement)
        let isBest = tracker.take(evaluation)
        state.best = tracker.best
        state.withoutImprovement = tracker.withoutImprovement
        state.stoppedEarly = tracker.isExhausted && state.step < plan.totalSteps
        return (evaluation, isBest)
    }

    private func indices(ofStep step: Int) -> [Int] {
        let epoch = plan.epoch(ofStep: step)
        if batches?.epoch != epoch { batches = (epoch, order(epoch)) }
        return batches?.indices[plan.batchIndex(ofStep: step)] ?? []
    }

    private func check(norm: Double, step: Int) throws {
        let advice = "lower strategy.learning_rate, or set strategy.max_grad_norm"
        if !norm.isFinite {
            let place = model.store.firstNonFiniteGradient()
            throw JobError(
                .diverged,
                "training diverged in step \(step): a gradient of \(Self.describe(place)) is not a finite number; "
                    + advice)
        }
        if norm == 0 {
            let blocks = model.store.parameters.filter(\.isTrainable).map(\.block)
            throw JobError(
                .diverged,
                "training stands still in step \(step): every gradient is zero, from \(blocks.first ?? "the first") to "
                    + "\(blocks.last ?? "the last block"); take more varied examples, or " + advice)
        }
    }

    /// A loss that is not finite comes from weights that are not, or from activations that overflowed on the way.
    private func divergedLoss(_ loss: Float, step: Int) -> JobError {
        let place = model.store.parameters.first { !model.store.value($0).allSatisfy(\.isFinite) }
        let origin =
            place.map { "weights of \(Self.describe($0)) are not finite numbers" }
            ?? "the activations overflowed before \(Self.describe(model.store.parameters.last))"
        return JobError(
            .diverged,
            "training diverged in step \(step): the loss is \(loss), as \(origin); "
                + "lower strategy.learning_rate, or start from another model")
    }

    private static func describe(_ parameter: Parameter?) -> String {
        parameter.map { "layer \($0.block) (\($0.name))" } ?? "an unknown layer"
    }
}
