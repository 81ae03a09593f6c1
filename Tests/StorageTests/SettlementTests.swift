import FineTuning
import Foundation
import JSON
import RunDirectory
import Storage
import Testing

@Suite("When an attempt ends")
struct SettlementTests {
    let fixture: Fixture
    let database: Database
    var jobs: JobStore { database.jobs }
    let died = AttemptOutcome.died(JobError(.workerDied, "killed by signal 9"))

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
    }

    func success(_ job: Job) -> AttemptOutcome {
        .succeeded(
            AttemptOutcome.Success(
                model: FineTunedModel(
                    name: job.modelName(organization: "o"), jobID: job.id, parent: "m", createdAt: 5,
                    directory: "runs/\(job.id)/checkpoints/step-000010", task: .textClassification, labels: ["a", "b"]),
                resultFiles: [
                    StoredFile(
                        bytes: 1, createdAt: 5, filename: "metrics.csv", purpose: .fineTuneResults,
                        sha256: String(repeating: "a", count: 64))
                ], trainedTokens: 77, peakMemoryBytes: 1 << 30, hasLedger: true))
    }

    @Test("well, the model, its files and the state come together")
    func succeeded() async throws {
        let job = try await fixture.runningJob(database)
        let done = try #require(try await jobs.settle(job.id, attempt: 1, outcome: success(job)))
        #expect(done.state == .succeeded)
        #expect(done.quote.peakMemoryBytes == 1 << 30 && done.hasLedger)
        #expect(done.trainedTokens == 77)
        let name = try #require(done.fineTunedModel)
        #expect(try await database.models.fineTuned(name)?.labels == ["a", "b"])
        #expect(try await database.models.directory(name).hasSuffix("/runs/\(job.id)/checkpoints/step-000010"))
        #expect(try await database.files.file(done.resultFiles[0]).purpose == .fineTuneResults)
        let last = try await database.events.page(jobID: job.id, limit: 1).elements[0]
        #expect(last.state == .succeeded)
        #expect(last.data["fine_tuned_model"]?.string == name)
    }

    @Test("twice, or by a stale attempt, only the first counts")
    func fencing() async throws {
        let job = try await fixture.runningJob(database)
        #expect(try await jobs.settle(job.id, attempt: 1, outcome: died)?.state == .queued)
        #expect(try await jobs.settle(job.id, attempt: 1, outcome: died) == nil)
        #expect(try await jobs.claim()?.attempt == 2)
        #expect(try await jobs.settle(job.id, attempt: 1, outcome: success(job)) == nil)
        #expect(try await jobs.ingest(journal(point(1)), jobID: job.id, attempt: 1, from: 0, to: 9) == false)
        #expect(try await jobs.job(job.id).state == .running)
        #expect(try await database.models.fineTuned().isEmpty)
    }

    @Test("a cancelled job becomes cancelled however it ended")
    func cancelWins() async throws {
        for number in 0..<4 {
            let job = try await fixture.runningJob(database)
            _ = try await jobs.requestCancel(job.id)
            let outcome: AttemptOutcome =
                [
                    success(job), died, .failed(JobError(.diverged, "NaN")), .stopped(.cancel, step: 3),
                ][number]
            let done = try await jobs.settle(job.id, attempt: 1, outcome: outcome)
            #expect(done?.state == .cancelled)
            #expect(done?.intent == nil)
            #expect(done?.fineTunedModel == nil)
        }
        #expect(try await database.models.fineTuned().isEmpty)
    }

    @Test("a pausing job becomes paused, and goes on when resumed")
    func pause() async throws {
        let job = try await fixture.runningJob(database)
        _ = try await jobs.requestPause(job.id)
        #expect(try await jobs.settle(job.id, attempt: 1, outcome: .stopped(.pause, step: 3))?.state == .paused)
        #expect(try await jobs.resume(job.id).state == .queued)
        #expect(try await jobs.claim()?.attempt == 2)
    }

    @Test("by the third fault without a new checkpoint, the job fails; a new checkpoint starts the count anew")
    func faults() async throws {
        let job = try await fixture.runningJob(database)
        #expect(try await jobs.settle(job.id, attempt: 1, outcome: died)?.state == .queued)
        _ = try await jobs.claim()
        #expect(try await jobs.settle(job.id, attempt: 2, outcome: died)?.state == .queued)
        _ = try await jobs.claim()
        try await jobs.ingest(journal(checkpoint(5)), jobID: job.id, attempt: 3, from: 0, to: 1)
        #expect(try await jobs.settle(job.id, attempt: 3, outcome: died)?.state == .queued)
        _ = try await jobs.claim()
        #expect(try await jobs.settle(job.id, attempt: 4, outcome: died)?.state == .queued)
        _ = try await jobs.claim()
        let failed = try await jobs.settle(job.id, attempt: 5, outcome: died)
        #expect(failed?.state == .failed)
        #expect(failed?.faults == 5)
        #expect(failed?.error == JobError(.workerDied, "killed by signal 9"))
    }

    @Test("by lack of memory, it is tried once more")
    func outOfMemory() async throws {
        let job = try await fixture.runningJob(database)
        let outcome = AttemptOutcome.failed(JobError(.outOfMemory, "out of memory"))
        #expect(try await jobs.settle(job.id, attempt: 1, outcome: outcome)?.state == .queued)
        _ = try await jobs.claim()
        try await jobs.ingest(journal(checkpoint(5)), jobID: job.id, attempt: 2, from: 0, to: 1)
        #expect(try await jobs.settle(job.id, attempt: 2, outcome: outcome)?.error?.code == .outOfMemory)
    }

    @Test("by a full disk, it is paused with the reason; by its own fault, it fails at once")
    func errors() async throws {
        let job = try await fixture.runningJob(database)
        let full = JobError(.diskFull, "no space left")
        let paused = try await jobs.settle(job.id, attempt: 1, outcome: .failed(full))
        #expect(paused?.state == .paused)
        #expect(paused?.error == full)
        #expect(try await jobs.resume(job.id).error == nil)
        _ = try await jobs.claim()
        let failed = try await jobs.settle(job.id, attempt: 2, outcome: .failed(JobError(.diverged, "NaN at step 3")))
        #expect(failed?.state == .failed)
        #expect(failed?.finishedAt != nil)
    }

    @Test("by the machine going down, the job waits again and counts no fault")
    func shutdown() async throws {
        let job = try await fixture.runningJob(database)
        let queued = try await jobs.settle(job.id, attempt: 1, outcome: .stopped(.shutdown, step: 4))
        #expect(queued?.state == .queued)
        #expect(queued?.faults == 0)
    }
}
