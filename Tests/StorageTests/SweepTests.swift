import FineTuning
import JSON
import RunDirectory
import Storage
import Testing

@Suite("A sweep in the database")
struct SweepTests {
    let fixture: Fixture
    let database: Database
    var jobs: JobStore { database.jobs }

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
    }

    /// A sweep over seeds whose files are good.
    private func begin(_ seeds: Int, halving: Bool = false, epochs: Int = 3) async throws -> String {
        try await begin(
            ["seed": .array((0..<seeds).map { JSONValue($0) })], halving: halving, epochs: epochs)
    }

    /// A sweep whose files are good.
    private func begin(_ parameters: JSONValue, halving: Bool = false, epochs: Int = 3) async throws -> String {
        let file = try await fixture.addFile(database)
        let body: JSONValue = [
            "model": "m", "training_file": .string(file.id), "seed": 1,
            "hyperparameters": ["n_epochs": JSONValue(epochs)],
            "sweep": ["parameters": parameters, "halving": halving ? [:] : nil],
        ]
        let asked = try JobRequest(body, threads: 1)
        let job = try await jobs.create(
            Job(createdAt: fixture.now, recipe: asked.recipe, trainingFile: file.id, sweep: asked.sweep),
            points: asked.points)
        try await jobs.finishValidation(job.id, recipe: job.recipe, warnings: [])
        return job.id
    }

    /// Moves all new trials to the queue.
    private func validate() async throws {
        for job in try await jobs.inState(.validatingFiles) {
            try await jobs.finishValidation(job.id, recipe: job.recipe, warnings: [])
        }
    }

    /// Runs the next trial of the queue to its end; nil loss fails it.
    private func run(loss: Double?) async throws {
        let job = try #require(try await jobs.claim())
        guard let loss else {
            let error = JobError(.diverged, "the loss is not finite")
            _ = try await jobs.settle(job.id, attempt: job.attempt, outcome: .failed(error))
            return
        }
        let lines = journal(point(10), evaluation(10, loss: loss), checkpoint(10, best: true))
        try await jobs.ingest(lines, jobID: job.id, attempt: job.attempt, from: 0, to: 10)
        let model = FineTunedModel(
            name: job.modelName(organization: "o"), jobID: job.id, parent: "m", createdAt: 5,
            directory: "runs/\(job.id)/checkpoints/step-000010", task: .textClassification, labels: ["a", "b"])
        _ = try await jobs.settle(
            job.id, attempt: job.attempt,
            outcome: .succeeded(.init(model: model, resultFiles: [], trainedTokens: 7, peakMemoryBytes: 9)))
    }

    @Test("makes a job of every setting once its files are good, and trains nothing itself")
    func children() async throws {
        let id = try await begin(3)
        let parent = try await jobs.job(id)
        #expect(parent.state == .running && parent.attempt == 1 && parent.startedAt == fixture.now)
        let trials = try await jobs.trials(id)
        #expect(trials.map(\.parameters) == [["seed": 0], ["seed": 1], ["seed": 2]])
        #expect(trials.allSatisfy { $0.state == .validatingFiles && $0.value == nil })
        #expect(try await jobs.job(trials[1].jobID).recipe.seed == 1)
        #expect(try await jobs.job(trials[1].jobID).parentID == id)
        #expect(try await jobs.claim() == nil)
        try await validate()
        for _ in 0..<3 { #expect(try await jobs.claim()?.parentID == id) }
        #expect(try await jobs.claim() == nil)
    }

    @Test("succeeds with the best trial's model when all are done, whatever failed beside it")
    func best() async throws {
        let id = try await begin(4)
        try await validate()
        for loss in [0.7, 0.3, nil, 0.5] {
            #expect(try await jobs.job(id).state == .running)
            try await run(loss: loss)
        }
        let done = try await jobs.job(id)
        let trials = try await jobs.trials(id)
        #expect(trials.map(\.value) == [0.7, 0.3, nil, 0.5])
        #expect(done.state == .succeeded && done.finishedAt != nil)
        #expect(done.best == BestResult(metric: .validLoss, value: 0.3, step: 10))
        #expect(done.fineTunedModel == (try await jobs.job(trials[1].jobID)).fineTunedModel)
        #expect(done.trainedTokens == 21 && done.quote.peakMemoryBytes == 9)
        let told = try await database.events.following(0, jobID: id, limit: 100)
        #expect(told.compactMap { $0.data["trial"]?["value"]?.number } == [0.7, 0.3, 0.5])
        let failed = told.filter { $0.data["trial"]?["status"] == "failed" }
        #expect(failed.count == 1)
    }

    @Test("fails only where all of its trials do, and says why")
    func failure() async throws {
        let id = try await begin(2)
        try await validate()
        try await run(loss: nil)
        try await run(loss: nil)
        let done = try await jobs.job(id)
        #expect(done.state == .failed && done.error?.code == .diverged)
        #expect(done.error?.message.contains("none of the 2 trials") == true)
    }

    @Test("with halving lets the best settings train anew for more epochs")
    func halving() async throws {
        let id = try await begin(6, halving: true)
        try await validate()
        for loss in [0.6, 0.2, nil, 0.4, 0.3, 0.5] { try await run(loss: loss) }
        var trials = try await jobs.trials(id)
        #expect(trials.count == 8)
        #expect(trials.suffix(2).map(\.number) == [1, 4])
        #expect(trials.map(\.epochs) == [1, 1, 1, 1, 1, 1, 3, 3])
        try await validate()
        try await run(loss: 0.25)
        try await run(loss: 0.1)
        trials = try await jobs.trials(id)
        let done = try await jobs.job(id)
        #expect(done.state == .succeeded && done.best?.value == 0.1)
        #expect(done.fineTunedModel == (try await jobs.job(trials[7].jobID)).fineTunedModel)
    }

    @Test("falls back on the rung before where the last one fails as a whole")
    func lastRungFails() async throws {
        let id = try await begin(3, halving: true)
        try await validate()
        for loss in [0.6, 0.2, 0.4] { try await run(loss: loss) }
        try await validate()
        try await run(loss: nil)
        let done = try await jobs.job(id)
        #expect(done.state == .succeeded && done.best?.value == 0.2)
    }

    @Test("is cancelled with its trials: those that wait at once, those that run when their workers have ended")
    func cancel() async throws {
        let id = try await begin(3)
        let waiting = try await jobs.trials(id)[2].jobID
        for trial in try await jobs.trials(id).prefix(2) {
            let job = try await jobs.job(trial.jobID)
            try await jobs.finishValidation(job.id, recipe: job.recipe, warnings: [])
        }
        let running = try #require(try await jobs.claim())
        let parent = try await jobs.requestCancel(id)
        #expect(parent.state == .running && parent.intent == .cancel)
        #expect(try await jobs.job(running.id).intent == .cancel)
        #expect(try await jobs.job(waiting).state == .cancelled)
        _ = try await jobs.settle(running.id, attempt: 1, outcome: .stopped(.cancel, step: 0))
        #expect(try await jobs.job(id).state == .cancelled)
        #expect(try await jobs.trials(id).allSatisfy { $0.state == .cancelled })
    }

    @Test("is paused when all of its trials are, also one whose files were just being checked, and resumed with them")
    func pause() async throws {
        let id = try await begin(3)
        let trials = try await jobs.trials(id)
        for trial in trials.prefix(2) {
            let job = try await jobs.job(trial.jobID)
            try await jobs.finishValidation(job.id, recipe: job.recipe, warnings: [])
        }
        let running = try #require(try await jobs.claim())
        #expect(try await jobs.requestPause(id).intent == .pause)
        _ = try await jobs.settle(running.id, attempt: 1, outcome: .stopped(.pause, step: 0))
        #expect(try await jobs.job(id).state == .running)
        try await validate()
        #expect(try await jobs.job(id).state == .paused)
        #expect(try await jobs.trials(id).allSatisfy { $0.state == .paused })
        #expect(try await jobs.claim() == nil)
        #expect(try await jobs.resume(id).state == .running)
        for loss in [0.3, 0.2, 0.1] { try await run(loss: loss) }
        #expect(try await jobs.job(id).best?.value == 0.1)
    }

    @Test("that is paused is cancelled at once; its trials too")
    func cancelPaused() async throws {
        let id = try await begin(2)
        try await validate()
        #expect(try await jobs.requestPause(id).state == .paused)
        #expect(try await jobs.requestCancel(id).state == .cancelled)
        #expect(try await jobs.trials(id).allSatisfy { $0.state == .cancelled })
    }

    @Test("keeps the models that its settings begin with from being deleted until it is over")
    func models() async throws {
        let job = try await fixture.runningJob(database)
        let model = FineTunedModel(
            name: job.modelName(organization: "o"), jobID: job.id, parent: "m", createdAt: 5,
            directory: "runs/\(job.id)/checkpoints/step-000010", task: .textClassification, labels: ["a", "b"])
        _ = try await jobs.settle(
            job.id, attempt: 1, outcome: .succeeded(.init(model: model, resultFiles: [], trainedTokens: 7)))
        let id = try await begin(["model": ["m", .string(model.name)]])
        // Also while the only trial with the model is over: the next rung may need it.
        await #expect(throws: StorageError.modelInUse(name: model.name, jobID: id)) {
            try await database.models.delete(model.name)
        }
        _ = try await jobs.requestCancel(id)
        try await database.models.delete(model.name)
    }

    @Test("goes on without a trial that is cancelled alone, and is cancelled where all were")
    func cancelledTrials() async throws {
        let id = try await begin(2)
        try await validate()
        for trial in try await jobs.trials(id) { _ = try await jobs.requestCancel(trial.jobID) }
        #expect(try await jobs.job(id).state == .cancelled)
        let second = try await begin(2)
        try await validate()
        _ = try await jobs.requestCancel(try await jobs.trials(second)[0].jobID)
        try await run(loss: 0.5)
        #expect(try await jobs.job(second).state == .succeeded)
    }
}
