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
    /// How long steps are measured, in seconds, and how many of them at least and at most, beside the first.
    private static let probeSeconds = 0.5
    private static let probeSteps = 1...5
    /// Bytes a second that writing, reading back and hashing a checkpoint take; a cautious figure for a common disk.
    private static let checkpointRate = 150e6
    /// What a worker takes beside model and activations: program, libraries, tokenizer.
    private static let baseBytes = 60 << 20

    /// Measured seconds of the parts of a run.
    private struct Speed {
        /// Forward and backward, a token.
        var training: Double
        /// Forward only, a token.
        var evaluation: Double
        /// Update and clipping, a step.
        var update: Double
        /// Activations, a token.
        var activationBytes: Double
    }

    /// The estimate for a run.
    ///
    /// - Throws: `JobError` for a model that cannot be read, a recipe that does not fit it, or a file that is not there.
    public static func estimate(_ run: RunRecipe) throws -> Result {
        let recipe = run.recipe
        let threads = recipe.resources.threads ?? 1
        let base = try PretrainedModel(directory: run.modelDirectory)
        let data = try RunData.read(run, tokenizer: base.tokenizer, longestText: base.longestText, threads: threads)
        guard data.report.isValid else { return Result(report: data.report, estimate: nil) }
        let plan = try TrainingPlan(
            recipe: recipe, exampleCount: data.training.count, validationCount: data.validation.count)
        let head = base.head(for: recipe.task, labels: data.labels)
        let model = try base.classifier(
            configuration: base.configuration(for: recipe.task, head: head), head: head,
            dropout: recipe.strategy.dropout, seed: 0, pool: ThreadPool(threadCount: threads))
        let names = try recipe.layers.trainableNames(of: model.store.parameters.map(\.specification))
        model.store.setTrainable { names.contains($0.name) }
        let speed = try measure(model, data.training, recipe)
        return Result(report: data.report, estimate: make(recipe, plan, model.store, data, speed))
    }

    private static func make(
        _ recipe: Recipe, _ plan: TrainingPlan, _ store: ParameterStore, _ data: TextClassificationData, _ speed: Speed
    ) -> Estimate {
        let tokens = data.training.tokenCount * plan.epochs
        let checkpointBytes = CheckpointWriter.byteCount(parameters: store.count, trainable: store.trainableCount)
        let evaluated = data.validation.tokenCount * plan.evaluationCount
        let seconds =
            Double(tokens) * speed.training + Double(plan.totalSteps) * speed.update
            + Double(evaluated) * speed.evaluation
            + Double(plan.checkpointCount * checkpointBytes) / checkpointRate
        let longest = (0..<data.training.count).map { data.training.length(of: $0) }.sorted(by: >)
        let largestBatch = longest.prefix(plan.batchSize).reduce(0, +)
        // While a checkpoint is proven, the weights stand in memory, in the mapped file, and in the model read from it.
        let state = 4 * (3 * store.count + 3 * store.trainableCount)
        return Estimate(
            totalSteps: plan.totalSteps, tokens: tokens, seconds: seconds,
            peakMemoryBytes: baseBytes + state + Int(Double(largestBatch) * speed.activationBytes),
            diskBytes: (recipe.strategy.keepCheckpoints + (recipe.strategy.keep == .best ? 1 : 0) + 1) * checkpointBytes
        )
    }

    /// Some steps on examples from all over the file and one forward pass; the first step only warms up memory and
    /// caches, and of the others the median counts.
    private static func measure(_ model: BertClassifier, _ examples: Examples, _ recipe: Recipe) throws -> Speed {
        let batch = examples.batch(probe(examples, batchSize: recipe.hyperparameters.batchSize))
        let optimizer = AdamW(model.store)
        let tokens = Double(batch.tokenCount)
        var steps: [(training: Double, update: Double)] = []
        let clock = ContinuousClock()
        var start = clock.now
        while steps.count <= probeSteps.upperBound {
            if steps.count == 1 { start = clock.now }
            if steps.count > probeSteps.lowerBound, clock.now - start > .seconds(probeSeconds) { break }
            let training = try seconds {
                _ = try model.forwardLoss(batch, dropout: DropoutState(seed: 0, step: UInt64(steps.count)))
                model.backward()
            }
            let update = seconds {
                _ = model.store.gradientNorm(on: model.pool)
                optimizer.update(learningRate: 0, on: model.pool)
                model.store.zeroGradients(on: model.pool)
            }
            steps.append((training, update))
        }
        let bytes = Double(model.peakActivationBytes)
        let evaluation = try seconds { _ = try model.logits(batch) }
        let measured = steps.dropFirst()
        return Speed(
            training: median(measured.map(\.training)) / tokens, evaluation: evaluation / tokens,
            update: median(measured.map(\.update)), activationBytes: bytes / tokens)
    }

    /// Examples at even distances, as many as a batch has, but not of many more tokens than ``probeTokens``.
    private static func probe(_ examples: Examples, batchSize: Int) -> [Int] {
        let count = min(batchSize, examples.count)
        let spread = (0..<count).map { $0 * examples.count / count }
        let mean = max(1, spread.reduce(0) { $0 + examples.length(of: $1) } / count)
        let share = min(count, max(1, probeTokens / mean))
        return (0..<share).map { spread[$0 * count / share] }
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure(body) / .seconds(1)
    }
}
