import FineTuning
import RunDirectory
import Safetensors
import Tensors
import Testing
import Training

@Suite struct `An evaluation` {
    private func run(_ change: (inout Recipe) throws -> Void) throws -> WorkerRun {
        try WorkerRun(validation: SampleRows.text(9)) { recipe in
            recipe.hyperparameters.epochs = 2
            recipe.strategy.dropout = 0
            try change(&recipe)
        }
    }

    /// Trains to the end and evaluates; the store's values are those of the evaluation.
    private func evaluate(_ run: WorkerRun) throws -> (evaluation: Evaluation, store: ParameterStore) {
        func train(_ task: some TrainingTask) throws -> (Evaluation, ParameterStore) {
            let trainer = try Trainer(run.recipe, task: task)
            while !trainer.isDone { _ = try trainer.step() }
            return (try trainer.evaluate().evaluation, task.store)
        }
        return try train(TaskSetup(run: run.recipe, pool: ThreadPool(threadCount: 1)).task())
    }

    @Test func `tells how far each block has moved from the pretrained weights`() throws {
        let (evaluation, store) = try evaluate(run { $0.layers.train = .top(1) })
        let base = try SafetensorsDirectory(path: Fixture.tinyBert)
        #expect(evaluation.drift.map(\.block).prefix(3) == ["embeddings", "encoder.layer.0", "encoder.layer.1"])
        #expect(!evaluation.drift.contains { $0.block == "classifier" }, "a new head began nowhere")
        for drift in evaluation.drift {
            var (distance, length) = (0.0, 0.0)
            for parameter in store.parameters where parameter.block == drift.block {
                let name = base.tensor(named: parameter.name) == nil ? "bert.\(parameter.name)" : parameter.name
                for (now, start) in zip(store.value(parameter), try base.floats(name)) {
                    distance += (Double(now) - Double(start)) * (Double(now) - Double(start))
                    length += Double(start) * Double(start)
                }
            }
            let expected = (distance / length).squareRoot()
            #expect(abs(drift.ratio - expected) <= 1e-6 * max(expected, 1e-3), "\(drift.block)")
            #expect((drift.ratio == 0) == ["embeddings", "encoder.layer.0"].contains(drift.block), "\(drift.block)")
        }
    }

    @Test func `takes adapters as merged into the weights that they stand beside`() throws {
        let (evaluation, store) = try evaluate(
            run {
                $0.layers = LayersSpecification(lora: LoRASpecification())
                $0.strategy.learningRate = 1e-2
            })
        let drift = evaluation.drift.reduce(into: [:]) { $0[$1.block] = $1.ratio }
        #expect(drift["embeddings"] == 0)
        let ratio = try #require(drift["encoder.layer.0"])
        #expect(ratio > 0)
        // ‖s·B·A‖² over the two adapted matrices, against the frozen weights of the block.
        var (distance, length) = (0.0, 0.0)
        for parameter in store.parameters where parameter.block == "encoder.layer.0" && parameter.role == .trunk {
            length += store.value(parameter).reduce(0.0) { $0 + Double($1) * Double($1) }
        }
        for part in ["query", "value"] {
            let name = "encoder.layer.0.attention.self.\(part)"
            let down = try #require(store.parameters.first { $0.name.contains("\(name).lora_A") })
            let up = try #require(store.parameters.first { $0.name.contains("\(name).lora_B") })
            let (a, b) = (store.value(down), store.value(up))
            let (rank, inputs) = (down.shape.rows, down.shape.columns)
            for row in 0..<up.shape.rows {
                for column in 0..<inputs {
                    let change = (0..<rank).reduce(0.0) {
                        $0 + Double(b[row * rank + $1]) * Double(a[$1 * inputs + column])
                    }
                    distance += 4 * change * change
                }
            }
        }
        #expect(abs(ratio - (distance / length).squareRoot()) < 1e-4 * ratio)
    }

    @Test(arguments: [AdversarialTraining.Kind.none, .fgm, .pgd, .freelb])
    func `tells the accuracy under attack beside that without one`(kind: AdversarialTraining.Kind) throws {
        func attack(epsilon: Double) throws -> AttackResult? {
            let (evaluation, _) = try evaluate(
                run {
                    $0.hyperparameters.epochs = 8
                    $0.strategy.adversarial = AdversarialTraining(kind, epsilon: epsilon)
                })
            #expect(evaluation.attack?.clean == evaluation.metrics[.accuracy])
            #expect(evaluation.attack?.metric == .accuracy)
            return evaluation.attack
        }
        let weak = try #require(try attack(epsilon: 1e-6))
        #expect(weak.clean == weak.attacked)
        let strong = try #require(try attack(epsilon: 100))
        #expect(strong.attacked < 0.5, "nothing withstands an attack without bounds")
    }

    @Test func `has no attack where the recipe has none`() throws {
        #expect(try evaluate(run { _ in }).evaluation.attack == nil)
    }

    @Test func `is of the averaged weights, while training goes on with the live ones`() throws {
        let run = try run { $0.strategy.ema = 0.999 }
        func train(_ task: some TrainingTask) throws {
            let trainer = try Trainer(run.recipe, task: task)
            for _ in 0..<5 { _ = try trainer.step() }
            let live = Array(task.store.values.elements)
            let first = try trainer.evaluate().evaluation
            #expect(Array(task.store.values.elements) == live)
            let averaged = trainer.withExportedWeights { Array(task.store.values.elements) }
            #expect(averaged != live)
            let own = try trainer.withExportedWeights { try task.evaluate(step: 5, epoch: 1) }
            #expect(own.validLoss == first.validLoss)
            #expect(try task.evaluate(step: 5, epoch: 1).validLoss != first.validLoss)
        }
        try train(TaskSetup(run: run.recipe, pool: ThreadPool(threadCount: 1)).task())
    }
}
