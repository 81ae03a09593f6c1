import Datasets
import FineTuning
import JSON
import Models
import Tensors
import Testing
import Training

/// A training strategy with the losses and gradient norms that PyTorch and transformers have with it.
struct StrategyCase: Sendable, CustomTestStringConvertible {
    let name: String
    let recipe: Recipe
    /// The first so many examples are trained on.
    let rows: Int
    let losses: [Double]
    let norms: [Double]
    /// The loss of all examples with the weights that would be exported.
    let final: Double

    var testDescription: String { name }

    /// All that `strategies.json` has.
    static let all: [StrategyCase] = {
        do {
            return try fixture()["cases"]?.array?.map { try StrategyCase($0) } ?? []
        } catch {
            preconditionFailure("strategies.json: \(error)")
        }
    }()

    private static func fixture() throws -> JSONValue { try Fixture.json("strategies.json") }

    private init(_ json: JSONValue) throws {
        name = try #require(json["name"]?.string)
        rows = try #require(json["rows"]?.integer)
        losses = try #require(json["losses"]?.array).compactMap(\.number)
        norms = try #require(json["norms"]?.array).compactMap(\.number)
        final = try #require(json["final"]?.number)
        var recipe = Recipe(model: "tiny", seed: 1)
        recipe.hyperparameters.batchSize = try #require(json["batch"]?.integer)
        recipe.hyperparameters.epochs = try #require(json["epochs"]?.integer)
        recipe.strategy = try Strategy(JSONCursor(try #require(json["strategy"])))
        if let layers = json["layers"] { recipe.layers = try LayersSpecification(JSONCursor(layers)) }
        self.recipe = recipe
    }

    /// A trainer on the fixture's model and examples.
    func trainer() throws -> Trainer<TextClassificationTask> {
        let fixture = try Self.fixture()
        let labels = try #require(fixture["labels"]?.array).compactMap(\.string)
        let model = try Fixture.model(labels: labels.count, dropout: 0)
        for part in ["weight", "bias"] {
            let values = try #require(fixture["head"]?[part]?.array).compactMap(\.number)
            let parameter = try #require(model.store["classifier.\(part)"])
            for (index, value) in values.enumerated() { model.store.value(parameter)[index] = Float(value) }
        }
        let classes = try #require(fixture["classes"]?.array).compactMap(\.integer)
        let examples = try Fixture.examples(tokens: fixture["tokens"], classes: classes.prefix(rows))
        let names = try recipe.layers.train.trainableNames(of: model.store.parameters.map(\.specification))
        model.store.setTrainable { names.contains($0.name) }
        let plan = try TrainingPlan(recipe: recipe, exampleCount: rows, validationCount: rows)
        return Trainer(
            task: try Fixture.task(model, examples, validation: examples, labels: labels), recipe: recipe, plan: plan,
            state: TrainingState(fingerprint: name, labels: labels),
            order: { [rows] _ in Fixture.inOrder(rows, batchSize: plan.examplesPerStep) })
    }
}
