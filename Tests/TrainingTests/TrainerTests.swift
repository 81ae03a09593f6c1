import Datasets
import FineTuning
import JSON
import Models
import Tensors
import Testing
import Training

@Suite struct `The trainer` {
    /// A trainer on the tiny BERT with dropout and shuffling left to the caller.
    private func trainer(
        _ recipe: Recipe, model: EncoderModel, examples: Examples, state: TrainingState? = nil
    ) throws -> Trainer<TextClassificationTask> {
        let plan = try TrainingPlan(recipe: recipe, exampleCount: examples.count, validationCount: 0)
        let names = try recipe.layers.train.trainableNames(of: model.store.parameters.map(\.specification))
        model.store.setTrainable { names.contains($0.name) }
        return Trainer(
            task: try Fixture.task(model, examples, labelSmoothing: recipe.strategy.labelSmoothing), recipe: recipe,
            plan: plan, state: state ?? TrainingState(fingerprint: "test", labels: ["a", "b", "c"]),
            order: { _ in Fixture.inOrder(examples.count, batchSize: recipe.hyperparameters.batchSize) })
    }

    @Test(arguments: [(1, 5), (2, 8), (3, 8), (5, 12)])
    func `knows the most tokens that go through the model at once`(_ batchSize: Int, _ tokens: Int) throws {
        var recipe = Recipe(model: "tiny", seed: 1)
        recipe.hyperparameters.batchSize = batchSize
        let lengths = [2, 1, 5, 3, 1]
        let examples = try Fixture.examples(
            tokens: JSONValue.array(lengths.map { .array((0..<$0).map { JSONValue($0 + 3) }) }),
            classes: [0, 1, 2, 0, 1])
        let trainer = try trainer(recipe, model: Fixture.model(labels: 3, dropout: 0), examples: examples)
        #expect(trainer.largestBatch == tokens)
    }

    @Test func `has the losses, gradient norms and rates of the transformers Trainer for ten steps`() throws {
        let fixture = try Fixture.json("trainer.json")
        let labels = try #require(fixture["labels"]?.array).count
        var recipe = Recipe(model: "tiny", seed: 1)
        recipe.hyperparameters.batchSize = try #require(fixture["batch_size"]?.integer)
        recipe.hyperparameters.epochs = try #require(fixture["epochs"]?.integer)
        recipe.strategy.learningRate = try #require(fixture["learning_rate"]?.number)
        recipe.strategy.warmupRatio = try #require(fixture["warmup_ratio"]?.number)
        recipe.strategy.weightDecay = try #require(fixture["weight_decay"]?.number)
        recipe.strategy.maxGradNorm = try #require(fixture["max_grad_norm"]?.number)
        recipe.strategy.labelSmoothing = try #require(fixture["label_smoothing"]?.number)
        let model = try Fixture.model(labels: labels, dropout: 0)
        for part in ["weight", "bias"] {
            let values = try #require(fixture["head"]?[part]?.array).compactMap(\.number)
            let parameter = try #require(model.store["classifier.\(part)"])
            for (index, value) in values.enumerated() { model.store.value(parameter)[index] = Float(value) }
        }
        let classes = try #require(fixture["classes"]?.array).compactMap(\.integer)
        let examples = try Fixture.examples(tokens: fixture["tokens"], classes: classes)
        let trainer = try trainer(recipe, model: model, examples: examples)
        #expect(trainer.plan.totalSteps == 10)
        for step in 0..<10 {
            let point = try trainer.step()
            let loss = try #require(fixture["losses"]?.array?[step].number)
            let norm = try #require(fixture["norms"]?.array?[step].number)
            let rate = try #require(fixture["rates"]?.array?[step].number)
            #expect(abs(point.trainLoss - loss) <= 1e-4 * loss, "loss of step \(step + 1)")
            #expect(abs(point.gradientNorm - norm) <= 1e-3 * norm, "gradient norm of step \(step + 1)")
            #expect(abs(point.learningRate - rate) <= 1e-9, "rate of step \(step + 1)")
        }
        #expect(trainer.isDone)
        for (name, norm) in try #require(fixture["weight_norms"]?.object).members.map({ ($0.name, $0.value) }) {
            let bare = name.hasPrefix("bert.") ? String(name.dropFirst(5)) : name
            let parameter = try #require(model.store[bare])
            let found = model.store.value(parameter).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            let expected = try #require(norm.number)
            #expect(abs(found - expected) <= 1e-4 * expected, "\(name)")
        }
    }

    @Test func `leaves frozen parameters as they are, to the bit`() throws {
        let model = try Fixture.model(labels: 3)
        let before = Array(model.store.values.elements)
        var recipe = Recipe(model: "tiny", seed: 1, layers: LayersSpecification(train: .head))
        recipe.strategy.warmupRatio = 0
        let trainer = try trainer(recipe, model: model, examples: Fixture.examples(24, labels: 3))
        for _ in 0..<4 { _ = try trainer.step() }
        for parameter in model.store.parameters {
            let isSame = model.store.value(parameter).elementsEqual(before[parameter.range])
            #expect(isSame == (parameter.block != "classifier"), "\(parameter.name)")
        }
    }

    @Test func `stops with step and layer where weights are not finite`() throws {
        let model = try Fixture.model(labels: 3)
        let trainer = try trainer(
            Recipe(model: "tiny", seed: 1), model: model, examples: Fixture.examples(24, labels: 3))
        _ = try trainer.step()
        let parameter = try #require(model.store["encoder.layer.1.intermediate.dense.weight"])
        model.store.value(parameter)[7] = .nan
        let error = #expect(throws: JobError.self) { try trainer.step() }
        #expect(error?.code == .diverged)
        #expect(error?.message.contains("step 2") == true)
        #expect(error?.message.contains("layer encoder.layer.1 (encoder.layer.1.intermediate.dense.weight)") == true)
        #expect(trainer.state.step == 1)
    }

    @Test func `stops where a learning rate out of all proportion makes it diverge`() throws {
        var recipe = Recipe(model: "tiny", seed: 1)
        recipe.strategy.learningRate = 1e30
        recipe.strategy.warmupRatio = 0
        let trainer = try trainer(
            recipe, model: Fixture.model(labels: 3), examples: Fixture.examples(48, labels: 3))
        let error = #expect(throws: JobError.self) { while !trainer.isDone { _ = try trainer.step() } }
        #expect(error?.code == .diverged)
    }

    @Test(arguments: [false, true])
    func `advises what is not done yet where it diverges`(isClipped: Bool) throws {
        var recipe = Recipe(model: "tiny", seed: 1)
        recipe.strategy.maxGradNorm = isClipped ? 1 : nil
        recipe.strategy.warmupRatio = isClipped ? 0.1 : 0
        let model = try Fixture.model(labels: 3)
        let trainer = try trainer(recipe, model: model, examples: Fixture.examples(24, labels: 3))
        let parameter = try #require(model.store["encoder.layer.0.output.dense.weight"])
        model.store.value(parameter)[0] = .infinity
        let error = try #require(throws: JobError.self) { try trainer.step() }
        #expect(error.message.contains("lower strategy.learning_rate"))
        #expect(error.message.contains("max_grad_norm") != isClipped)
        #expect(error.message.contains("warmup_ratio") != isClipped)
    }

    @Test func `stops where every gradient is zero`() throws {
        let model = try Fixture.model(labels: 3)
        // With weights of zero in the head nothing flows below it; with the head frozen there is nothing left.
        let classifier = try #require(model.store["classifier.weight"])
        model.store.value(classifier).update(repeating: 0)
        var recipe = Recipe(model: "tiny", seed: 1)
        recipe.hyperparameters.epochs = 1
        let plan = try TrainingPlan(recipe: recipe, exampleCount: 12, validationCount: 0)
        model.store.setTrainable { $0.block == "encoder.layer.0" }
        let trainer = Trainer(
            task: try Fixture.task(model, Fixture.examples(12, labels: 3)), recipe: recipe, plan: plan,
            state: TrainingState(fingerprint: "", labels: ["a", "b", "c"]),
            order: { _ in Fixture.inOrder(12, batchSize: 12) })
        let error = #expect(throws: JobError.self) { try trainer.step() }
        #expect(error?.message.contains("every gradient is zero, from encoder.layer.0") == true)
    }
}
