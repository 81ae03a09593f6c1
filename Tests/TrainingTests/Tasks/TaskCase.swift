import FineTuning
import Foundation
import JSON
import Models
import RunDirectory
import Tensors
import Testing
import Training

/// A task on the tiny BERT over rows of a file, as `make_task_fixtures.py` trains it.
struct TaskCase {
    let name: String
    let rows: [JSONValue]
    let losses: [Double]
    let settings: JSONValue

    /// - Parameter rows: replaces the fixture's.
    init(_ name: String, rows: [JSONValue]? = nil) throws {
        let fixture = try Fixture.json("tasks.json")
        self.name = name
        settings = try #require(fixture["settings"])
        self.rows = try rows ?? #require(fixture["cases"]?[name]?["rows"]?.array)
        losses = try MetricsFixture.numbers(fixture["cases"]?[name]?["losses"])
    }

    /// The recipe of the fixture.
    func recipe(_ task: TaskSpecification) throws -> Recipe {
        var recipe = Recipe(model: "tiny", seed: 1, task: task)
        recipe.hyperparameters.batchSize = try #require(settings["batch_size"]?.integer)
        recipe.hyperparameters.epochs = try #require(settings["epochs"]?.integer)
        recipe.strategy.learningRate = try #require(settings["learning_rate"]?.number)
        recipe.strategy.weightDecay = try #require(settings["weight_decay"]?.number)
        recipe.strategy.maxGradNorm = try #require(settings["max_grad_norm"]?.number)
        recipe.strategy.warmupRatio = 0
        recipe.strategy.dropout = 0
        recipe.data.maxLength = try #require(settings["max_length"]?.integer)
        recipe.data.shuffle = false
        recipe.data.validationSplit = 0
        return recipe
    }

    /// A run over the rows as a file in a folder.
    ///
    /// - Parameter isValidated: whether the same file is the validation file, too.
    func run(_ recipe: Recipe, in folder: String, isValidated: Bool = false) throws -> RunRecipe {
        let path = "\(folder)/train.jsonl"
        try Data(rows.map { $0.text + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
        let file = DataFile(path: path, name: "train.jsonl")
        return RunRecipe(
            jobID: "ftjob-test", attempt: 1, recipe: recipe, modelDirectory: Fixture.tinyBert, trainingFile: file,
            validationFile: isValidated ? file : nil, checkpointsDirectory: "\(folder)/checkpoints")
    }

    /// Gives the matrices of a head the values that the fixture's began with: 0.3 sin(0.7 i + k).
    static func setHead(_ store: ParameterStore) {
        let matrices = store.parameters.filter { $0.specification.role == .head && $0.shape.extents.count == 2 }
        for (number, parameter) in matrices.enumerated() {
            let values = store.value(parameter)
            for index in values.indices { values[index] = Float(0.3 * sin(0.7 * Double(index) + Double(number))) }
        }
    }

    /// The losses of all steps of a run.
    static func train(_ run: RunRecipe) throws -> [Double] {
        func train(_ task: some TrainingTask) throws -> [Double] {
            setHead(task.store)
            let trainer = try Trainer(run, task: task)
            var losses: [Double] = []
            while !trainer.isDone { losses.append(try trainer.step().trainLoss) }
            return losses
        }
        return try train(TaskSetup(run: run, pool: ThreadPool(threadCount: 1)).task())
    }
}
