import FineTuning
import Foundation
import JSON
import RunDirectory
import Storage
import Testing

@Suite("Of finished runs")
struct RunRetentionTests {
    let fixture: Fixture
    let database: Database

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
    }

    private func prune(keep: Int, done: Set<String> = []) async throws -> [RunRetention.Pruned] {
        try await RunRetention(database: database).prune(keep: keep, done: done)
    }

    private func steps(_ job: Job) async throws -> [Int] {
        let steps = try await database.checkpoints.page(jobID: job.id, limit: 9).elements.map(\.step)
        // What has a row is there, and nothing else is.
        let path = database.directory.checkpointsPath(job.id)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        #expect(names.filter { $0 != ".lock" }.sorted() == steps.map { PublishedCheckpoint.name(step: $0) }.sorted())
        return steps
    }

    private func isSound() throws -> Bool {
        try IntegrityCheck.run(database.directory, migrations: Fixture.migrations).findings.isEmpty
    }

    @Test("the newest stay whole; of the others the models, ledgers and results stay")
    func older() async throws {
        var jobs: [Job] = []
        for _ in 0..<3 {
            jobs.append(try await fixture.succeededJob(database))
            fixture.advance(seconds: 1)
        }
        #expect(try await prune(keep: 3).isEmpty)
        let pruned = try await prune(keep: 1)
        #expect(Set(pruned.map(\.jobID)) == [jobs[0].id, jobs[1].id])
        #expect(pruned[0].checkpoints.map { $0.suffix(11) } == ["step-000005"])
        for (job, expected) in zip(jobs, [[10], [10], [10, 5]]) { #expect(try await steps(job) == expected) }
        for job in jobs {
            let attempt = database.directory.attemptPath(job.id, attempt: 1)
            let names = try FileManager.default.contentsOfDirectory(atPath: attempt)
            #expect(names.contains("ledger.jsonl") && names.count == (job.id == jobs[2].id ? 3 : 1))
            let model = try await database.models.directory(#require(job.fineTunedModel))
            #expect(FileManager.default.fileExists(atPath: "\(model)/model.safetensors"))
            #expect(try await database.files.file(#require(job.resultFiles.first)).bytes == 3)
        }
        #expect(try isSound())
    }

    @Test("nothing is removed that an unfinished job starts from, until that is over")
    func starts() async throws {
        let base = try await fixture.succeededJob(database, checkpoints: [5, 10, 15])
        var next = try await fixture.makeJob(database)
        next.recipe.model = "\(try #require(base.fineTunedModel)):ckpt-step-5"
        next = try await database.jobs.create(next)
        #expect(try await prune(keep: 0).first?.isDone == false)
        #expect(try await steps(base) == [15, 5])
        _ = try await database.jobs.requestCancel(next.id)
        _ = try await prune(keep: 0)
        #expect(try await steps(base) == [15])
        try await database.models.delete(#require(base.fineTunedModel))
        #expect(try await prune(keep: 0).first { $0.jobID == base.id }?.isDone == true)
        #expect(try await steps(base) == [])
        #expect(try isSound())
    }

    @Test("unfinished ones, and those whose worker still lives, are not touched")
    func alive() async throws {
        let running = try await fixture.runningJob(database)
        try await fixture.publish(5, of: running, database)
        #expect(try await prune(keep: 0).isEmpty)
        #expect(try await steps(running) == [5])
        _ = try await database.jobs.settle(running.id, attempt: 1, outcome: .failed(JobError(.diverged, "nan")))
        let checkpoints = database.directory.checkpointsPath(running.id)
        var lock = try WorkerLock.tryAcquire(checkpointsDirectory: checkpoints, processIdentifier: 1)
        #expect(lock != nil)
        #expect(try await prune(keep: 0).isEmpty)
        #expect(FileManager.default.fileExists(atPath: "\(checkpoints)/step-000005"))
        lock = nil
        #expect(try await prune(keep: 0).map(\.jobID) == [running.id])
        #expect(!FileManager.default.fileExists(atPath: database.directory.checkpointsPath(running.id)))
        #expect(try isSound())
    }

    @Test("a trial keeps everything while its sweep goes on")
    func trials() async throws {
        let file = try await fixture.addFile(database)
        let body =
            #"{"model": "m", "training_file": "\#(file.id)", "seed": 1, "sweep": {"parameters": {"seed": [1, 2]}}}"#
        let asked = try JobRequest(JSONValue(parsing: body), threads: 1)
        let parent = try await database.jobs.create(
            Job(createdAt: fixture.now, recipe: asked.recipe, trainingFile: file.id, sweep: asked.sweep),
            points: asked.points)
        try await database.jobs.finishValidation(parent.id, recipe: parent.recipe, warnings: [])
        let trials = try await database.jobs.trials(parent.id).map(\.jobID)
        for id in trials {
            let recipe = try await database.jobs.job(id).recipe
            try await database.jobs.finishValidation(id, recipe: recipe, warnings: [])
        }
        for number in 0..<2 {
            let trial = try #require(try await database.jobs.claim())
            try await fixture.publish(5, of: trial, database)
            _ = try await database.jobs.settle(trial.id, attempt: 1, outcome: .failed(JobError(.diverged, "nan")))
            let isOver = number == 1
            #expect(try await prune(keep: 0).count == (isOver ? 2 : 0))
            #expect(try await steps(trial) == (isOver ? [] : [5]))
        }
    }
}
