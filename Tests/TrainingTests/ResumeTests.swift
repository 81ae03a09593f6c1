import FineTuning
import Foundation
import JSON
import RunDirectory
import Tensors
import Testing
import Training

/// A strategy whose state must come back from a checkpoint.
struct ResumeCase: Sendable, CustomTestStringConvertible {
    let name: String
    let change: @Sendable (inout Recipe) throws -> Void

    var testDescription: String { name }

    init(_ name: String, _ change: @escaping @Sendable (inout Recipe) throws -> Void) {
        self.name = name
        self.change = change
    }

    init(_ name: String, strategy: JSONValue) {
        self.init(name) { recipe in
            let rate = recipe.strategy.learningRate
            recipe.strategy = try Strategy(JSONCursor(strategy))
            recipe.strategy.learningRate = recipe.strategy.learningRate ?? rate
        }
    }

    private static func lora(_ change: (inout LoRASpecification) -> Void = { _ in }) -> LayersSpecification {
        var lora = LoRASpecification()
        change(&lora)
        return LayersSpecification(lora: lora)
    }

    static let all = [
        ResumeCase("AdamW", strategy: ["schedule": "cosine"]),
        ResumeCase("SGD", strategy: ["optimizer": ["type": "sgd", "nesterov": true], "learning_rate": 0.05]),
        ResumeCase("Adafactor", strategy: ["optimizer": ["type": "adafactor"]]),
        ResumeCase("Lion", strategy: ["optimizer": ["type": "lion"], "learning_rate": 3e-4]),
        ResumeCase("average of the weights", strategy: ["ema": 0.95]),
        ResumeCase("average of the weights with Lion", strategy: ["ema": 0.9, "optimizer": ["type": "lion"]]),
        ResumeCase("accumulation", strategy: ["gradient_accumulation": 3]),
        ResumeCase("L2-SP", strategy: ["l2_sp": 0.3]),
        ResumeCase("layer decay", strategy: ["layer_decay": 0.7, "head_learning_rate": 4e-3]),
        ResumeCase("FGM", strategy: ["adversarial": ["type": "fgm"]]),
        ResumeCase("PGD", strategy: ["adversarial": ["type": "pgd", "steps": 2]]),
        ResumeCase("FreeLB", strategy: ["adversarial": ["type": "freelb", "steps": 2], "gradient_accumulation": 2]),
        ResumeCase("early stopping", strategy: ["early_stopping": ["metric": "accuracy", "patience": 1]]),
        ResumeCase("gradual unfreezing") { $0.layers.gradualUnfreezing = GradualUnfreezing(everyEpochs: 1) },
        ResumeCase("gradual unfreezing with an average") {
            $0.layers.gradualUnfreezing = GradualUnfreezing(everyEpochs: 1)
            $0.strategy.ema = 0.9
            $0.strategy.optimizer = OptimizerSettings(.adafactor)
        },
        ResumeCase("the head alone") { $0.layers.train = .head },
        ResumeCase("LoRA") { $0.layers = lora() },
        ResumeCase("LoRA with dropout, merged") { $0.layers = lora { ($0.dropout, $0.merge) = (0.1, true) } },
        ResumeCase("DoRA with an average") {
            $0.layers = lora { $0.dora = true }
            $0.strategy.ema = 0.9
        },
        ResumeCase("rsLoRA of all linear layers, merged, with an average and FGM") {
            $0.layers = lora { ($0.rankStabilized, $0.targets, $0.merge) = (true, .patterns(["*"]), true) }
            $0.strategy.ema = 0.9
            $0.strategy.adversarial = AdversarialTraining(.fgm)
        },
    ]
}

@Suite struct `A run that goes on from a checkpoint` {
    /// What a run does: its points, its evaluations, and all that it leaves.
    private struct Trace: Equatable {
        var points: [CurvePoint] = []
        var evaluations: [Evaluation] = []
        var weights: [UInt32] = []
        var state: TrainingState?
        var losses: [[Float?]] = []
    }

    private static let epochs = 4

    private func run(_ test: ResumeCase) throws -> WorkerRun {
        try WorkerRun(training: SampleRows.text(22), validation: SampleRows.text(9)) { recipe in
            recipe.hyperparameters.epochs = Self.epochs
            try test.change(&recipe)
        }
    }

    /// Steps and evaluations from where a trainer stands, up to `last`; stops as the loop does.
    private func go(_ trainer: Trainer<some TrainingTask>, to last: Int, _ trace: inout Trace) throws {
        while !trainer.isDone, trainer.state.step < last {
            trace.points.append(CurvePoint(try trainer.step()))
            guard trainer.plan.evaluates(after: trainer.state.step) else { continue }
            trace.evaluations.append(try trainer.evaluate().evaluation)
        }
    }

    private func finish(_ trainer: Trainer<some TrainingTask>, _ trace: inout Trace) {
        trainer.withExportedWeights { trace.weights = trainer.task.store.values.elements.map(\.bitPattern) }
        trace.state = trainer.state
        trace.losses = (0..<trainer.ledger.exampleCount).map(trainer.ledger.losses)
    }

    private func undisturbed(_ run: WorkerRun) throws -> Trace {
        func train(_ task: some TrainingTask) throws -> Trace {
            var trace = Trace()
            let trainer = try Trainer(run.recipe, task: task)
            try go(trainer, to: .max, &trace)
            finish(trainer, &trace)
            return trace
        }
        return try train(TaskSetup(run: run.recipe, pool: ThreadPool(threadCount: 1)).task())
    }

    /// The same with a new process's memory after every checkpoint, at the steps given.
    private func interrupted(_ run: WorkerRun, at steps: [Int]) throws -> Trace {
        var trace = Trace()
        let store = try CheckpointStore(path: run.checkpoints)
        var found: (state: TrainingState, path: String)?
        func train(_ task: some TrainingTask, to step: Int) throws {
            let trainer = try Trainer(run.recipe, task: task, state: found?.state, checkpoint: found?.path)
            try go(trainer, to: step, &trace)
            let (name, _) = try CheckpointWriter(store: store).write(trainer, readme: "")
            let json = try JSONValue(
                parsing: Array(
                    Data(
                        contentsOf: URL(
                            fileURLWithPath: store.path(name, CheckpointFiles.state)))))
            found = (try TrainingState(JSONCursor(json)), store.path(name))
            finish(trainer, &trace)
        }
        for step in steps + [.max] {
            let setup = TaskSetup(
                run: run.recipe, checkpoint: found?.path, pool: ThreadPool(threadCount: 1))
            try train(setup.task(), to: step)
        }
        return trace
    }

    @Test(arguments: ResumeCase.all)
    func `gives the same bits as one that was never interrupted`(test: ResumeCase) throws {
        let run = try run(test)
        let expected = try undisturbed(run)
        #expect(!expected.evaluations.isEmpty)
        // Within an epoch, at the end of one, and twice at a place that no one chose.
        let chosen = [Int.random(in: 1...7), Int.random(in: 1...11)].sorted()
        let found = try interrupted(run, at: chosen)
        #expect(found.points == expected.points, "interrupted at \(chosen)")
        #expect(found.evaluations == expected.evaluations, "interrupted at \(chosen)")
        #expect(found.state == expected.state, "interrupted at \(chosen)")
        #expect(found.weights == expected.weights, "interrupted at \(chosen)")
        #expect(found.losses == expected.losses, "interrupted at \(chosen)")
    }
}
