internal import Datasets
public import FineTuning
internal import Foundation
internal import JSON
internal import Models
public import RunDirectory
internal import Tensors

/// Foretells what a run will ask of the machine: reads its data, loads its model, and does a few short steps.
public enum Estimator {
    /// What the data are and what the run will take; the estimate is nil where the data have faults.
    public struct Result: Sendable {
        /// The check of the data files.
        public let report: DataReport
        /// What the run will take.
        public let estimate: Estimate?
    }

    /// Tokens of a measured step: enough to be typical, few enough to take a fraction of a second.
    private static let probeTokens = 512
    /// How long steps are measured, in seconds, and how many of them at least and at most.
    private static let probeSeconds = 0.5
    private static let probeSteps = 1...100
    /// What a worker takes beside model and activations: program, libraries, tokenizer.
    private static let baseBytes = 60 << 20

    /// Measured seconds of the parts of a run.
    private struct Speed {
        /// Forward and backward, a token.
        var training: Double
        /// Forward only, a token.
        var evaluation: Double
        /// What is computed once and kept, a token; 0 where nothing is.
        var features: Double
        /// Update and clipping, a step.
        var update: Double
        /// Activations.
        var activations: ActivationMemory
    }

    /// The estimate for a run.
    ///
    /// - Throws: `JobError` for a model that cannot be read, a recipe that does not fit it, or a file that is not there.
    public static func estimate(_ run: RunRecipe) throws -> Result {
        let setup = TaskSetup(run: run, pool: ThreadPool(threadCount: run.recipe.resources.threads ?? 1))
        let base = try PretrainedModel(directory: setup.directory)
        let data = try RunData.read(setup, base)
        guard data.report.isValid else { return Result(report: data.report, estimate: nil) }
        return Result(report: data.report, estimate: try estimate(setup.task(base, data), run))
    }

    private static func estimate(_ task: some TrainingTask, _ run: RunRecipe) throws -> Estimate {
        let trainer = try Trainer(run, task: task)
        let speed = try measure(trainer, run.recipe)
        let (recipe, plan, store) = (run.recipe, trainer.plan, task.store)
        let lengths = (0..<task.trainingCount).map(task.trainingLength)
        // With oversampling an epoch shows more examples than there are.
        let shown = Double(lengths.reduce(0, +)) * Double(plan.exampleCount) / Double(max(1, task.trainingCount))
        let evaluated = (0..<task.validationCount).map(task.validationLength).reduce(0, +)
        let checkpointBytes = CheckpointWriter.byteCount(trainer)
        let cost = PassCost(recipe)
        let checkpointSeconds = Double(checkpointBytes) / (try CheckpointRate.measure())
        let seconds =
            shown * Double(plan.epochs) * speed.training * cost.training + Double(plan.totalSteps) * speed.update
            + Double(evaluated * plan.evaluationCount) * speed.evaluation * cost.evaluation
            + Double(lengths.reduce(0, +) + evaluated) * speed.features
            + Double(plan.checkpointCount) * checkpointSeconds
        let moments = trainer.resumeTensors.reduce(0) { $0 + $1.elements.count }
        // While a checkpoint is proven, the weights stand in memory, in the mapped file, and in the model read from it.
        let state = 4 * (3 * store.count + store.trainableCount + moments)
        let ledger = LossLedger.byteCount(exampleCount: task.trainingCount, epochs: plan.epochs)
        return Estimate(
            totalSteps: plan.totalSteps, tokens: Int(shown) * plan.epochs, seconds: seconds,
            peakMemoryBytes: baseBytes + state + ledger + task.keptFeatureBytes
                + speed.activations.bytes(tokens: trainer.largestBatch),
            diskBytes: (recipe.strategy.keepCheckpoints + (recipe.strategy.keep == .best ? 1 : 0) + 1) * checkpointBytes
        )
    }

    /// Some steps on examples from all over the file and one forward pass.
    ///
    /// Two steps, on half of the examples and on all, warm up memory and caches, compute what is kept, and tell what
    /// activations take; of the others the median counts.
    private static func measure(_ trainer: Trainer<some TrainingTask>, _ recipe: Recipe) throws -> Speed {
        let task = trainer.task
        let examples = probe(task, batchSize: recipe.hyperparameters.batchSize)
        let moment = TrainingMoment(epoch: 0, step: 1)
        let batch = try task.prepare(examples, at: moment)
        let tokens = Double(batch.tokenCount)
        var activations = ActivationMemory()
        for warmUp in [try task.prepare(Array(examples.prefix((examples.count + 1) / 2)), at: moment), batch] {
            _ = try step(trainer, on: warmUp)
            let floats = task.tape.arena.peakCount
            activations.add(tokens: warmUp.tokenCount, bytes: floats * MemoryLayout<Float>.stride)
        }
        var steps: [(training: Double, update: Double)] = []
        let clock = ContinuousClock()
        let start = clock.now
        while steps.count < probeSteps.lowerBound
            || (steps.count < probeSteps.upperBound && clock.now - start < .seconds(probeSeconds))
        {
            steps.append(try step(trainer, on: batch))
        }
        let evaluation = try seconds { _ = try task.loss(batch, .evaluation) }
        // With a perturbation, though it is zero, nothing that was kept can be used.
        let perturbation = task.perturbation(of: batch)
        let features =
            task.keptFeatureBytes == 0
            ? 0 : try seconds { _ = try task.loss(batch, ForwardConditions(perturbation: perturbation)) }
        return Speed(
            training: median(steps.map(\.training)) / tokens, evaluation: evaluation / tokens,
            features: features / tokens, update: median(steps.map(\.update)), activations: activations)
    }

    /// Takes the seconds of a step that leaves the weights as they are.
    private static func step<Task>(
        _ trainer: Trainer<Task>, on batch: Task.Batch
    ) throws -> (training: Double, update: Double) {
        let task = trainer.task
        let training = try seconds {
            let loss = try task.loss(batch, .training(DropoutState(seed: 0, step: 0)))
            task.tape.backward(from: loss.value)
        }
        let update = seconds {
            _ = task.store.gradientNorm(on: task.pool)
            trainer.optimizer.update(learningRate: 0, gradientScale: 1, on: task.pool)
            task.store.zeroGradients(on: task.pool)
        }
        return (training, update)
    }

    /// Examples at even distances, as many as a batch has, but not of many more tokens than ``probeTokens``.
    private static func probe(_ task: some TrainingTask, batchSize: Int) -> [Int] {
        let count = min(batchSize, task.trainingCount)
        let spread = (0..<count).map { $0 * task.trainingCount / count }
        let mean = max(1, spread.reduce(0) { $0 + task.trainingLength(of: $1) } / count)
        let share = min(count, max(1, probeTokens / mean))
        return (0..<share).map { spread[$0 * count / share] }
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure(body) / .seconds(1)
    }
}
