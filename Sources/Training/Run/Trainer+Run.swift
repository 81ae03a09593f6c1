internal import Datasets
internal import FineTuning
internal import Foundation
public import RunDirectory
internal import Safetensors

extension Trainer {
    /// A trainer of a run at its start, or where a checkpoint stands.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - task: its task, made from the same checkpoint.
    ///   - state: the figures of the checkpoint; nil at the start.
    ///   - checkpoint: its directory; nil at the start.
    /// - Throws: `JobError` where there is nothing to train on; what a file that cannot be read throws.
    public convenience init(
        _ run: RunRecipe, task: Task, state: TrainingState? = nil, checkpoint: String? = nil
    ) throws {
        let recipe = run.recipe
        let examplesPerStep = recipe.hyperparameters.batchSize * recipe.strategy.gradientAccumulation
        let sampler = BatchSampler(
            count: task.trainingCount, batchSize: examplesPerStep, seed: UInt64(bitPattern: Int64(recipe.seed)),
            shuffles: recipe.data.shuffle, classes: task.oversampledClasses)
        let plan = try TrainingPlan(
            recipe: recipe, exampleCount: sampler.epochLength, validationCount: task.validationCount)
        // Where only a checkpoint is left to go on from, there is nothing to compare the weights to.
        let hasBase = FileManager.default.fileExists(atPath: run.modelDirectory)
        try self.init(
            task: task, recipe: recipe, plan: plan,
            state: state ?? TrainingState(fingerprint: RunFingerprint.make(run), labels: task.labels),
            pretrained: hasBase ? SafetensorsDirectory(path: run.modelDirectory) : nil, order: sampler.batches)
        if let checkpoint { try restore(from: checkpoint) }
    }
}
