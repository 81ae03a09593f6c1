public import FineTuning
internal import Models
public import Tensors

/// Does optimizer steps on a task's model, one at a time, and measures them. Does no input or output.
///
/// A step is a function of the model's bits, the moments, the seed and the step's number: a run that was stopped and
/// goes on gives the same bits as one that was not, at the same number of threads.
public final class Trainer<Task: TrainingTask> {
    /// What is learned, with the model.
    public let task: Task
    /// The optimizer with its moments.
    public let optimizer: AdamW
    /// What there is to do.
    public let plan: TrainingPlan
    /// Where the run stands.
    public var state: TrainingState

    private let recipe: Recipe
    private let order: (_ epoch: Int) -> [[Int]]
    private var batches: (epoch: Int, indices: [[Int]])?

    /// A trainer before its first step, or where `state` says.
    ///
    /// - Parameters:
    ///   - task: the trainable parameters of its model are set; they may not change any more.
    ///   - state: where the run stands.
    ///   - order: the examples of each optimizer step of an epoch; must give the same for the same epoch.
    public init(
        task: Task, recipe: Recipe, plan: TrainingPlan, state: TrainingState,
        order: @escaping (_ epoch: Int) -> [[Int]]
    ) {
        self.task = task
        self.recipe = recipe
        self.plan = plan
        self.state = state
        self.order = order
        let settings = recipe.strategy.optimizer
        optimizer = AdamW(
            task.store,
            configuration: AdamW.Configuration(
                beta1: Float(settings.beta1), beta2: Float(settings.beta2), epsilon: Float(settings.epsilon),
                weightDecay: Float(recipe.strategy.weightDecay)))
    }

    /// Whether nothing is left to do.
    public var isDone: Bool { state.stoppedEarly || state.step >= plan.totalSteps }

    /// Forward, backward, clipping and update on the next examples.
    ///
    /// - Throws: `JobError` of code `diverged` where the loss or a gradient is not finite or every gradient is zero;
    ///   the weights are then as they were before the step.
    public func step() throws -> MetricPoint {
        let step = state.step + 1
        let clock = ContinuousClock()
        let start = clock.now
        let batches = try prepare(step: step)
        task.store.zeroGradients(on: task.pool)
        let sum = try accumulate(batches, step: step)
        let norm = task.store.gradientNorm(on: task.pool)
        try check(norm: norm, step: step)
        let rate = plan.schedule.rate(step: step)
        optimizer.update(
            learningRate: Float(rate),
            gradientScale: Float(GradientClipping.scale(norm: norm, limit: recipe.strategy.maxGradNorm)),
            on: task.pool)
        let seconds = (clock.now - start) / .seconds(1)
        state.step = step
        state.tokens += batches.reduce(0) { $0 + $1.tokenCount }
        state.trainLoss = sum.loss
        let count = batches.reduce(0) { $0 + $1.exampleCount }
        return MetricPoint(
            step: step, totalSteps: plan.totalSteps, epoch: plan.epochsDone(afterStep: step), trainLoss: sum.loss,
            trainAccuracy: sum.accuracy, learningRate: rate, gradientNorm: norm,
            samplesPerSecond: seconds > 0 ? Double(count) / seconds : 0, tokens: state.tokens)
    }

    /// The micro-batches of a step.
    private func prepare(step: Int) throws -> [Task.Batch] {
        let epoch = plan.epoch(ofStep: step)
        let examples = indices(ofStep: step)
        return try stride(from: 0, to: examples.count, by: plan.batchSize).enumerated().map { part, first in
            try task.prepare(
                Array(examples[first..<min(first + plan.batchSize, examples.count)]),
                at: TrainingMoment(epoch: epoch, step: step, part: part))
        }
    }

    /// Adds up the gradients of micro-batches in proportion to their weights, so that they are those of one batch.
    private func accumulate(_ batches: [Task.Batch], step: Int) throws -> StepSum {
        let weight = batches.reduce(0) { $0 + $1.weight }
        var sum = StepSum()
        for (part, batch) in batches.enumerated() {
            let dropout = DropoutState(
                seed: UInt64(bitPattern: Int64(recipe.seed)), step: UInt64((step - 1) * plan.accumulation + part))
            let loss = try task.loss(batch, ForwardConditions(dropout: dropout, isRecording: true))
            guard loss.mean.isFinite else { throw divergedLoss(loss.mean, step: step) }
            let share = batches.count == 1 ? 1 : batch.weight / weight
            sum.add(loss, share: share)
            task.tape.backward(from: loss.value, seed: Float(share))
        }
        return sum
    }

    /// Evaluates the validation examples and takes the result into the state.
    ///
    /// - Returns: the evaluation, and whether it is the best so far.
    public func evaluate() throws -> (evaluation: Evaluation, isBest: Bool) {
        let evaluation = try task.evaluate(step: state.step, epoch: plan.epochsDone(afterStep: state.step))
        var tracker = SelectionTracker(
            recipe: recipe, best: state.best, withoutImprovement: state.withoutImprovement)
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
            let place = task.store.firstNonFiniteGradient()
            throw JobError(
                .diverged,
                "training diverged in step \(step): a gradient of \(Self.describe(place)) is not a finite number; "
                    + advice)
        }
        if norm == 0 {
            let blocks = task.store.parameters.filter(\.isTrainable).map(\.block)
            throw JobError(
                .diverged,
                "training stands still in step \(step): every gradient is zero, from \(blocks.first ?? "the first") to "
                    + "\(blocks.last ?? "the last block"); take more varied examples, or " + advice)
        }
    }

    /// A loss that is not finite comes from weights that are not, or from activations that overflowed on the way.
    private func divergedLoss(_ loss: Float, step: Int) -> JobError {
        let place = task.store.parameters.first { !task.store.value($0).allSatisfy(\.isFinite) }
        let origin =
            place.map { "weights of \(Self.describe($0)) are not finite numbers" }
            ?? "the activations overflowed before \(Self.describe(task.store.parameters.last))"
        return JobError(
            .diverged,
            "training diverged in step \(step): the loss is \(loss), as \(origin); "
                + "lower strategy.learning_rate, or start from another model")
    }

    private static func describe(_ parameter: Parameter?) -> String {
        parameter.map { "layer \($0.block) (\($0.name))" } ?? "an unknown layer"
    }
}
