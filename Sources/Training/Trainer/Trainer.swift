public import FineTuning
internal import Models
public import Safetensors
public import Tensors

/// Does optimizer steps on a task's model, one at a time, and measures them. Does no input or output.
///
/// A step is a function of the model's bits, the moments, the seed and the step's number: a run that was stopped and
/// goes on gives the same bits as one that was not, at the same number of threads.
public final class Trainer<Task: TrainingTask> {
    /// What is learned, with the model.
    public let task: Task
    /// What changes the weights, with its moments.
    public let optimizer: any Optimizer
    /// What there is to do.
    public let plan: TrainingPlan
    /// Where the run stands.
    public var state: TrainingState

    /// The loss of each training example in each epoch.
    public let ledger: LossLedger
    let recipe: Recipe
    private let order: (_ epoch: Int) -> [[Int]]
    private let factors: LearningRateFactors
    /// What the factors in the store are for; nil before the first step.
    private var stage: Int?
    let penalty: StartingPointPenalty?
    let average: WeightAverage?
    /// How far the weights are from the pretrained ones; nil where these are not known.
    let drift: WeightDrift?
    private let attack: EmbeddingAttack<Task>?
    private var batches: (epoch: Int, indices: [[Int]])?

    /// A trainer before its first step, or where `state` says once ``restore(from:)`` was called.
    ///
    /// - Parameters:
    ///   - task: the trainable parameters of its model are set; they may not change any more.
    ///   - state: where the run stands.
    ///   - pretrained: the pretrained model's weights, to which the weights are compared in evaluations.
    ///   - order: the examples of each optimizer step of an epoch; must give the same for the same epoch.
    public init(
        task: Task, recipe: Recipe, plan: TrainingPlan, state: TrainingState,
        pretrained: SafetensorsDirectory? = nil, order: @escaping (_ epoch: Int) -> [[Int]]
    ) {
        self.task = task
        self.recipe = recipe
        self.plan = plan
        self.state = state
        self.order = order
        ledger = LossLedger(exampleCount: task.trainingCount, epochs: plan.epochs)
        let strategy = recipe.strategy
        factors = LearningRateFactors(recipe: recipe, parameters: task.store.parameters)
        optimizer = strategy.optimizer.optimizer(for: task.store, weightDecay: strategy.weightDecay)
        penalty =
            strategy.l2SP > 0
            ? StartingPointPenalty(task.store, coefficient: Float(strategy.l2SP)) { $0.role == .trunk } : nil
        average = strategy.ema.map { WeightAverage(task.store, decay: Float($0)) }
        drift = pretrained.map { base in
            WeightDrift(
                store: task.store, base: base, sources: task.pretrainedTensors(in: base), adapters: task.adapters)
        }
        attack = strategy.adversarial.flatMap { $0.type == .none ? nil : EmbeddingAttack(task, $0) }
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
        setFactors(epoch: plan.epoch(ofStep: step))
        let parts = try prepare(step: step)
        task.store.zeroGradients(on: task.pool)
        let sum = try accumulate(parts, step: step)
        penalty?.addGradients(on: task.pool)
        let norm = task.store.gradientNorm(on: task.pool)
        if !norm.isFinite { throw divergence.gradient(step: step) }
        // Where nothing is wrong there is nothing to learn, as with triplets that all keep their distance.
        if norm == 0, sum.loss != 0 { throw divergence.standstill(step: step) }
        let rate = plan.schedule.rate(step: step)
        optimizer.update(
            learningRate: Float(rate),
            gradientScale: Float(GradientClipping.scale(norm: norm, limit: recipe.strategy.maxGradNorm)),
            on: task.pool)
        average?.update(on: task.pool)
        let seconds = (clock.now - start) / .seconds(1)
        state.step = step
        state.tokens += parts.reduce(0) { $0 + $1.batch.tokenCount }
        state.trainLoss = sum.loss
        for (part, loss) in zip(parts, sum.parts) {
            ledger.record(
                loss.perExample, answers: loss.exampleAnswers, of: part.examples, epoch: plan.epoch(ofStep: step))
        }
        let count = parts.reduce(0) { $0 + $1.batch.exampleCount }
        return MetricPoint(
            step: step, totalSteps: plan.totalSteps, epoch: plan.epochsDone(afterStep: step), trainLoss: sum.loss,
            trainAccuracy: sum.accuracy, learningRate: rate, gradientNorm: norm,
            samplesPerSecond: seconds > 0 ? Double(count) / seconds : 0, tokens: state.tokens)
    }

    /// Sets how fast each parameter moves, where that has changed.
    private func setFactors(epoch: Int) {
        let now = factors.stage(epoch: epoch)
        guard stage != now else { return }
        stage = now
        task.store.setLearningRateFactors { factors.factor($0, epoch: epoch) }
    }

    /// The micro-batches of a step, with the examples that each was made of.
    private func prepare(step: Int) throws -> [(examples: [Int], batch: Task.Batch)] {
        let epoch = plan.epoch(ofStep: step)
        let examples = indices(ofStep: step)
        return try microBatches(of: examples).enumerated().map { part, examples in
            (examples, try task.prepare(examples, at: TrainingMoment(epoch: epoch, step: step, part: part)))
        }
    }

    /// The examples of a step, as many together as go through the model at once.
    private func microBatches(of examples: [Int]) -> [[Int]] {
        stride(from: 0, to: examples.count, by: plan.batchSize).map { first in
            Array(examples[first..<min(first + plan.batchSize, examples.count)])
        }
    }

    /// Adds up the gradients of micro-batches in proportion to their weights, so that they are those of one batch.
    private func accumulate(_ parts: [(examples: [Int], batch: Task.Batch)], step: Int) throws -> StepSum {
        let weight = parts.reduce(0) { $0 + $1.batch.weight }
        var sum = StepSum()
        for (number, part) in parts.enumerated() {
            let dropout = DropoutState(
                seed: UInt64(bitPattern: Int64(recipe.seed)), step: UInt64((step - 1) * plan.accumulation + number))
            let share = parts.count == 1 ? 1 : part.batch.weight / weight
            let loss = try loss(part.batch, dropout, share: share)
            guard loss.mean.isFinite else { throw divergence.loss(loss.mean, step: step) }
            sum.add(loss, share: share)
        }
        return sum
    }

    /// Adds a micro-batch's gradients, times `share`, unless its loss is not finite.
    private func loss(_ batch: Task.Batch, _ dropout: DropoutState, share: Double) throws -> BatchLoss {
        if let attack { return try attack.accumulate(batch, dropout: dropout, share: share) }
        let loss = try task.loss(batch, .training(dropout))
        if loss.mean.isFinite { task.tape.backward(from: loss.value, seed: Float(share)) }
        return loss
    }

    /// The most tokens that go through the model at once in the whole run.
    public var largestBatch: Int {
        (0..<plan.epochs).lazy.map(order).joined().reduce(0) { most, examples in
            microBatches(of: examples).reduce(most) { max($0, $1.reduce(0) { $0 + task.trainingLength(of: $1) }) }
        }
    }

    private var divergence: Divergence { Divergence(strategy: recipe.strategy, store: task.store) }

    private func indices(ofStep step: Int) -> [Int] {
        let epoch = plan.epoch(ofStep: step)
        if batches?.epoch != epoch { batches = (epoch, order(epoch)) }
        return batches?.indices[plan.batchIndex(ofStep: step)] ?? []
    }
}
