import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Testing
import Training

@Suite struct `A worker` {
    @Test func `trains a job to its end: every step, every evaluation, every checkpoint is in the journal`()
        async throws
    {
        let run = try WorkerRun(validation: SampleRows.text(12)) {
            $0.hyperparameters.epochs = 16
            $0.strategy.learningRate = 1e-2
            $0.strategy.dropout = 0
            $0.strategy.keep = .best
        }
        #expect(try await run.train() == .exited(0))
        let entries = try run.entries()
        guard case .started(let start) = entries.first else { throw Wait.InVain(description: "no start") }
        #expect(start.labels == ["account", "billing", "bug"])
        #expect(start.totalSteps == 80 && start.trainingRows == 40 && start.validationRows == 12)
        let curve = try run.curve()
        #expect(curve.map(\.step) == Array(1...80))
        let (first, last) = (try #require(curve.first), try #require(curve.last))
        #expect(last.loss < first.loss / 2)
        #expect(curve.allSatisfy { point in point.accuracy.map { (0...1).contains($0) } ?? false })
        #expect(try #require(last.accuracy) > 0.9)
        let evaluations = entries.compactMap { if case .evaluation(let evaluation) = $0 { evaluation } else { nil } }
        #expect(evaluations.map(\.step) == Array(stride(from: 5, through: 80, by: 5)))
        #expect(evaluations.last?.metrics[.accuracy] == 1)
        let best = try #require(evaluations.min { $0.validLoss < $1.validLoss })
        guard case .finished(let result) = entries.last else { throw Wait.InVain(description: "no end") }
        #expect(result.checkpoint == PublishedCheckpoint.name(step: best.step))
        #expect(result.step == 80 && !result.stoppedEarly && result.trainedTokens == last.tokens)
        #expect(try run.names() == stride(from: 5, through: 80, by: 5).map(PublishedCheckpoint.name(step:)))
        for case .checkpoint(let checkpoint) in entries {
            let files = try run.files(step: checkpoint.step)
            #expect(checkpoint.files.allSatisfy { files[$0.name]?.count == $0.bytes })
        }
    }

    @Test func `keeps the last checkpoints and the best`() async throws {
        let run = try WorkerRun {
            $0.strategy.keepCheckpoints = 2
            $0.strategy.checkpointEvery = .steps(4)
        }
        #expect(try await run.train() == .exited(0))
        #expect(try run.names() == ["step-000012", "step-000015"])
        let removed = try run.entries().flatMap { entry -> [String] in
            if case .checkpoint(let checkpoint) = entry { checkpoint.removed } else { [] }
        }
        #expect(removed == ["step-000004", "step-000008"])
    }

    @Test func `trains without standard descriptors, and writes nothing for people into its files`() async throws {
        let run = try WorkerRun()
        let other = try WorkerRun()
        #expect(try await other.train() == .exited(0))
        let worker = try run.startWithoutDescriptors()
        #expect(await worker.waitForExit() == .exited(0))
        #expect(try run.entries().count == other.entries().count, "every line of the journal is an entry")
        #expect(try run.curve() == other.curve())
        #expect(try run.essence(step: 15) == other.essence(step: 15))
    }

    @Test func `trains on when the reader of its standard error goes away, or the terminal`() async throws {
        let run = try WorkerRun(validation: SampleRows.text(12), holds: true)
        let pipe = try FileDescriptor.pipe()
        let worker = try run.start(error: pipe.write.raw)
        let (reader, writer) = (pipe.read.release(), pipe.write.release())
        close(writer)
        try await run.untilHeld(step: 5)
        close(reader)
        try worker.send(.hangUp)
        for step in [5, 10, 15] { try await run.release(step: step) }
        #expect(await worker.waitForExit() == .exited(0))
        guard case .finished = try run.entries().last else {
            Issue.record("the journal ends with \(String(describing: try run.entries().last))")
            return
        }
    }

    @Test func `stops early when nothing improves, and hands out the best`() async throws {
        let run = try WorkerRun(validation: SampleRows.text(12)) {
            $0.hyperparameters.epochs = 9
            $0.strategy.keep = .best
            $0.strategy.learningRate = 1e-5
            $0.strategy.earlyStopping = try EarlyStopping(
                JSONCursor(["metric": "valid_loss", "patience": 2, "min_delta": 100]))
        }
        #expect(try await run.train() == .exited(0))
        let entries = try run.entries()
        guard case .finished(let result) = entries.last else { throw Wait.InVain(description: "no end") }
        #expect(result.stoppedEarly && result.step == 15)
        let evaluations = entries.compactMap { if case .evaluation(let evaluation) = $0 { evaluation } else { nil } }
        let best = try #require(evaluations.min { $0.validLoss < $1.validLoss })
        #expect(result.checkpoint == PublishedCheckpoint.name(step: best.step))
    }

    @Test(arguments: [StopReason.pause, .cancel, .shutdown, nil])
    func `stops at the next step with a checkpoint, and goes on from there to the same bits`(
        reason: StopReason?
    ) async throws {
        let change = { (recipe: inout Recipe) in
            recipe.hyperparameters.epochs = 20
            recipe.strategy.checkpointEvery = .steps(20)
        }
        let run = try WorkerRun(holds: true, change)
        let worker = try run.start()
        try await run.untilHeld(step: 20)
        if let reason { try run.directory(1).requestStop(reason) }
        try worker.send(.terminate)
        #expect(try await run.releaseAll(until: worker) == .exited(0))
        guard case .stopped(let given, let step) = try run.entries().last else {
            Issue.record("the journal ends with \(String(describing: try run.entries().last))")
            return
        }
        #expect(given == reason ?? .shutdown)
        #expect((20..<100).contains(step))
        #expect(try run.names().last == PublishedCheckpoint.name(step: step))

        let undisturbed = try WorkerRun(change)
        #expect(try await undisturbed.train() == .exited(0))
        #expect(try await run.train(2) == .exited(0))
        #expect(try run.curve(through: 2) == undisturbed.curve())
        #expect(try run.essence(step: 100) == undisturbed.essence(step: 100))
    }

    @Test func `does not begin where it is to stop already`() async throws {
        let run = try WorkerRun()
        try FileManager.default.createDirectory(atPath: run.directory(1).path, withIntermediateDirectories: true)
        try run.directory(1).requestStop(.cancel)
        #expect(try await run.train() == .exited(0))
        guard case .stopped(.cancel, step: 0) = try run.entries().last else {
            Issue.record("the journal ends with \(String(describing: try run.entries().last))")
            return
        }
        #expect(try run.names().isEmpty)
    }

    @Test func `refuses a job that another worker trains, and a run directory that was used`() async throws {
        let run = try WorkerRun(holds: true)
        let first = try run.start(1)
        try await run.untilHeld(step: 5)
        #expect(try await run.train(2) == .exited(3))
        #expect(try run.log(2).contains("another worker (process \(first.identifier)) trains this job"))
        try first.send(.kill)
        _ = await first.waitForExit()
        #expect(try await run.train(1) == .exited(4))
        #expect(try run.log(1).contains("a run directory serves one attempt"))
    }
}
