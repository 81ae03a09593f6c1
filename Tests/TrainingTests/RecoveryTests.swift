import FineTuning
import Foundation
import POSIX
import RunDirectory
import Testing
import Training

/// Dropout, shuffling, validation and selection are on: the state of all of them must come back.
private func change(_ recipe: inout Recipe) {
    recipe.hyperparameters.epochs = 12
    recipe.strategy.keep = .best
    recipe.strategy.checkpointEvery = .steps(7)
    recipe.strategy.evaluateEvery = .steps(9)
}

@Suite struct `A job whose worker dies` {
    private func run(holds: Bool = false, threads: Int = 1) throws -> WorkerRun {
        try WorkerRun(validation: SampleRows.text(9), holds: holds) {
            change(&$0)
            $0.resources.threads = threads
        }
    }

    private func expectSame(_ run: WorkerRun, attempts: Int, threads: Int = 1) async throws {
        let undisturbed = try self.run(threads: threads)
        #expect(try await undisturbed.train() == .exited(0))
        let last = try #require(try undisturbed.names().last)
        #expect(last == "step-000060")
        #expect(try run.curve(through: attempts) == undisturbed.curve())
        for step in [56, 60] { #expect(try run.essence(step: step) == undisturbed.essence(step: step)) }
        #expect(try run.names() == undisturbed.names())
    }

    @Test(arguments: [1, 2])
    func `is resumed to the same bits after kill -9 at several steps`(threads: Int) async throws {
        let run = try run(threads: threads)
        var attempt = 0
        for step in [0, 8, 22, 23, 41] {
            attempt += 1
            let worker = try run.start(attempt)
            let current = attempt
            try await Wait.until("step \(step) is done") {
                if worker.exit != nil { return true }
                return try !run.entries(current).isEmpty && run.newestStep(current) >= step
            }
            try worker.send(.kill)
            _ = await worker.waitForExit()
        }
        attempt += 1
        #expect(try await run.train(attempt) == .exited(0))
        try await expectSame(run, attempts: attempt, threads: threads)
    }

    @Test func `is resumed to the same bits after kill -9 at random, with all that has state of its own`() async throws
    {
        func make() throws -> WorkerRun {
            try WorkerRun(validation: SampleRows.text(9)) { recipe in
                change(&recipe)
                recipe.hyperparameters.batchSize = 2
                recipe.strategy.gradientAccumulation = 4
                recipe.strategy.optimizer = OptimizerSettings(.lion)
                recipe.strategy.learningRate = 3e-4
                recipe.strategy.ema = 0.95
                recipe.strategy.l2SP = 0.1
                recipe.strategy.layerDecay = 0.8
                recipe.strategy.adversarial = AdversarialTraining(.freelb, steps: 2)
                recipe.layers.gradualUnfreezing = GradualUnfreezing(everyEpochs: 3)
            }
        }
        let run = try make()
        let steps = (0..<2).map { _ in Int.random(in: 5...55) }.sorted()
        for (attempt, step) in steps.enumerated() {
            let worker = try run.start(attempt + 1)
            try await Wait.until("step \(step) is done") {
                if worker.exit != nil { return true }
                return try !run.entries(attempt + 1).isEmpty && run.newestStep(attempt + 1) >= step
            }
            try worker.send(.kill)
            _ = await worker.waitForExit()
        }
        #expect(try await run.train(3) == .exited(0))
        let undisturbed = try make()
        #expect(try await undisturbed.train() == .exited(0))
        #expect(try run.curve(through: 3) == undisturbed.curve(), "killed after \(steps)")
        #expect(try run.essence(step: 60) == undisturbed.essence(step: 60), "killed after \(steps)")
    }

    @Test func `is resumed to the same bits after kill -9 inside a checkpoint`() async throws {
        let run = try run(holds: true)
        let first = try run.start(1)
        try await run.untilHeld(step: 7)
        try first.send(.kill)
        #expect(await first.waitForExit() == .signalled(9))
        #expect(try run.names() == [".writing-step-000007"])
        // Nothing is published yet: the second attempt begins anew, and dies in its second checkpoint.
        let second = try run.start(2)
        try await run.release(step: 7)
        try await run.untilHeld(step: 9)
        try second.send(.kill)
        #expect(await second.waitForExit() == .signalled(9))
        #expect(try run.names() == [".writing-step-000009", "step-000007"])
        #expect(try await run.train(3) == .exited(0))
        guard case .started(let start) = try run.entries(3).first else {
            throw Wait.InVain(description: "no start")
        }
        #expect(start.resumedFromStep == 7)
        #expect(try run.names().allSatisfy { $0.hasPrefix("step-") })
        try await expectSame(run, attempts: 3)
    }

    @Test func `keeps its tokenizer although the checkpoint it went on from is removed`() async throws {
        let run = try WorkerRun(holds: true) { recipe in
            change(&recipe)
            recipe.strategy.keep = .last
            recipe.strategy.keepCheckpoints = 1
        }
        let worker = try run.start(1)
        try await run.untilHeld(step: 7)
        try await run.release(step: 7)
        try await run.untilHeld(step: 14)
        try worker.send(.kill)
        _ = await worker.waitForExit()
        #expect(try await run.train(2) == .exited(0))
        guard case .started(let start) = try run.entries(2).first else { throw Wait.InVain(description: "no start") }
        #expect(start.resumedFromStep == 7)
        let names = try run.names()
        #expect(names == ["step-000060"])
        for name in names {
            let tokenizer = "\(run.checkpoints)/\(name)/tokenizer.json"
            #expect(
                try Data(contentsOf: URL(filePath: tokenizer))
                    == Data(contentsOf: URL(filePath: "\(run.path)/model/tokenizer.json")))
        }
    }

    @Test func `stays finished when it is started once more`() async throws {
        let run = try run()
        #expect(try await run.train(1) == .exited(0))
        let before = try run.essence(step: 60)
        #expect(try await run.train(2) == .exited(0))
        #expect(try run.essence(step: 60) == before)
        #expect(try run.newestStep(2) == 0)
        #expect(try result(run, 2) == result(run, 1))
    }

    /// How an attempt ended, without what depends on the process.
    private func result(_ run: WorkerRun, _ attempt: Int) throws -> RunResult {
        guard case .finished(var result) = try run.entries(attempt).last else {
            throw Wait.InVain(description: "attempt \(attempt) did not finish")
        }
        result.peakMemoryBytes = nil
        return result
    }

    /// Ways in which a checkpoint can be damaged.
    enum Damage: CaseIterable {
        case changedBit, cutWeights, cutMoments, garbledState, changedFingerprint, missingChecksums, missingTokenizer,
            emptyConfiguration

        func apply(to checkpoint: String) throws {
            func rewrite(_ name: String, _ change: (inout Data) -> Void) throws {
                let file = URL(fileURLWithPath: "\(checkpoint)/\(name)")
                var data = try Data(contentsOf: file)
                change(&data)
                try data.write(to: file)
            }
            switch self {
            case .changedBit: try rewrite("model.safetensors") { $0[$0.count / 2] ^= 4 }
            case .cutWeights: try rewrite("model.safetensors") { $0.removeLast() }
            case .cutMoments: try rewrite("optimizer.safetensors") { $0 = $0.prefix(100) }
            case .garbledState: try rewrite("trainer_state.json") { $0[0] = 0 }
            case .changedFingerprint:
                try rewrite("trainer_state.json") { data in
                    let key = data.range(of: Data(#""fingerprint": ""#.utf8)) ?? 0..<0
                    data[key.upperBound] ^= 1
                }
            case .missingChecksums: try FileManager.default.removeItem(atPath: "\(checkpoint)/checksums.json")
            case .missingTokenizer: try FileManager.default.removeItem(atPath: "\(checkpoint)/tokenizer.json")
            case .emptyConfiguration: try rewrite("config.json") { $0 = Data() }
            }
        }
    }

    @Test(arguments: Damage.allCases)
    func `goes on from the checkpoint before where the newest is damaged`(damage: Damage) async throws {
        let run = try run()
        #expect(try await run.train(1) == .exited(0))
        let before = try run.essence(step: 60)
        try damage.apply(to: "\(run.checkpoints)/step-000060")
        #expect(try await run.train(2) == .exited(0))
        let entries = try run.entries(2)
        guard case .started(let start) = entries.first else { throw Wait.InVain(description: "no start") }
        #expect(start.resumedFromStep == 56)
        #expect(
            entries.contains {
                if case .log(.warn, let message) = $0 {
                    message.contains("checkpoint step-000060 is damaged")
                } else {
                    false
                }
            })
        #expect(try run.essence(step: 60) == before)
        #expect(try run.curve(through: 2) == run.curve())
    }

    @Test func `leaves checkpoints of other data alone and begins anew`() async throws {
        let run = try run()
        #expect(try await run.train(1) == .exited(0))
        let other = try WorkerRun(training: SampleRows.text(24), checkpoints: run.checkpoints, change)
        #expect(try await other.train() == .exited(0))
        guard case .started(let start) = try other.entries().first else {
            throw Wait.InVain(description: "no start")
        }
        #expect(start.resumedFromStep == nil)
    }
}
