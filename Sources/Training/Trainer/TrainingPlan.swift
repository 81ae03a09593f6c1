public import FineTuning

/// What a run will do, known before its first step: steps, schedule, and where it evaluates and saves.
public struct TrainingPlan: Sendable, Hashable {
    /// Training examples.
    public let exampleCount: Int
    /// Examples that go through the model at once.
    public let batchSize: Int
    /// Batches an optimizer step; the last step of an epoch takes what is left.
    public let accumulation: Int
    /// Passes over the examples.
    public let epochs: Int
    /// Optimizer steps an epoch.
    public let stepsPerEpoch: Int
    /// The learning rate of every step.
    public let schedule: LearningRateSchedule
    /// Whether there are examples to evaluate on.
    public let evaluates: Bool
    private let evaluateEvery: Interval
    private let checkpointEvery: Interval

    /// The plan of a recipe for this many examples.
    ///
    /// - Throws: `JobError` where there is nothing to train on.
    public init(recipe: Recipe, exampleCount: Int, validationCount: Int) throws(JobError) {
        guard exampleCount > 0 else {
            throw JobError(.invalidTrainingFile, "no example is left to train on; lower data.validation_split")
        }
        self.exampleCount = exampleCount
        batchSize = recipe.hyperparameters.batchSize
        accumulation = recipe.strategy.gradientAccumulation
        epochs = recipe.hyperparameters.epochs
        let examplesPerStep = batchSize * accumulation
        stepsPerEpoch = (exampleCount + examplesPerStep - 1) / examplesPerStep
        schedule = LearningRateSchedule(
            kind: recipe.strategy.schedule, peak: recipe.strategy.learningRate ?? recipe.defaultLearningRate,
            power: recipe.strategy.schedulePower, warmupRatio: recipe.strategy.warmupRatio,
            totalSteps: stepsPerEpoch * epochs)
        evaluates = validationCount > 0
        evaluateEvery = recipe.strategy.evaluateEvery
        checkpointEvery = recipe.strategy.checkpointEvery
    }

    /// Examples an optimizer step; the last step of an epoch takes what is left.
    public var examplesPerStep: Int { batchSize * accumulation }

    /// Optimizer steps in all.
    public var totalSteps: Int { schedule.totalSteps }

    /// The epoch that a step belongs to, from 0.
    ///
    /// - Parameter step: from 1.
    public func epoch(ofStep step: Int) -> Int { (step - 1) / stepsPerEpoch }

    /// The position of a step's batch in its epoch, from 0.
    ///
    /// - Parameter step: from 1.
    public func batchIndex(ofStep step: Int) -> Int { (step - 1) % stepsPerEpoch }

    /// Epochs done after a step, with fraction.
    public func epochsDone(afterStep step: Int) -> Double { Double(step) / Double(stepsPerEpoch) }

    /// Whether the held-back examples are evaluated after this step.
    public func evaluates(after step: Int) -> Bool { evaluates && isDue(evaluateEvery, step) }

    /// Whether a checkpoint is written after this step, whatever an evaluation says.
    public func saves(after step: Int) -> Bool { isDue(checkpointEvery, step) }

    /// How often the recipe's intervals fall due: evaluations and scheduled checkpoints.
    public var evaluationCount: Int { evaluates ? count(evaluateEvery) : 0 }
    /// How many checkpoints are written on schedule.
    public var checkpointCount: Int { count(checkpointEvery) }

    private func isDue(_ interval: Interval, _ step: Int) -> Bool {
        switch interval {
        case .epoch: step % stepsPerEpoch == 0
        case .steps(let count): step % count == 0 || step == totalSteps
        }
    }

    private func count(_ interval: Interval) -> Int {
        switch interval {
        case .epoch: epochs
        case .steps(let count): (totalSteps + count - 1) / count
        }
    }
}
