import FineTuning
import JSON
import RunDirectory
import Storage
import Testing

@Suite("Taking a journal in")
struct IngestionTests {
    let fixture: Fixture
    let database: Database
    let job: Job
    var jobs: JobStore { database.jobs }

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
        job = try await fixture.runningJob(database)
    }

    @Test("stores points, evaluations, checkpoints and words, moves the job on, and tells it all as events")
    func everything() async throws {
        let before = database.feed.lastSequence
        let entries = journal(
            .log(.warn, "slow disk"), point(1), point(2), evaluation(2, loss: 0.7), checkpoint(2, best: true))
        #expect(try await jobs.ingest(entries, jobID: job.id, attempt: 1, from: 0, to: 500))
        let moved = try await jobs.job(job.id)
        #expect(moved.progress == Progress(step: 2, totalSteps: 10, epoch: 0.2, samplesPerSecond: 20))
        #expect(moved.best == BestResult(metric: .validLoss, value: 0.7, step: 2))
        #expect(moved.trainedTokens == 200)
        #expect(try await jobs.journalOffset(job.id, attempt: 1) == 500)
        let events = try await database.events.following(before, jobID: job.id, limit: 100)
        #expect(events.map(\.kind) == [.message, .metrics, .metrics, .evaluation, .checkpoint])
        #expect(events.map(\.sequence) == Array((before + 1)...(before + 5)))
        #expect(events[1].createdAt == 1_700_000_001)
        guard case .metrics(let first) = entries[1].content else { return }
        #expect(events[1].data == first.json)
        let stored = try await database.checkpoints.page(jobID: job.id, limit: 5).elements
        #expect(stored.map(\.step) == [2])
        #expect(stored[0].isBest)
        #expect(stored[0].trainLoss == 0.5)
        #expect(stored[0].evaluation?.validLoss == 0.7)
        #expect(events[4].data["id"]?.string == stored[0].id)
    }

    @Test("keeps the blocks of the network, and counts the time of all attempts but not that between them")
    func blocksAndTime() async throws {
        let blocks = [BlockParameters(block: "embeddings", parameters: 10, trainable: 0)]
        let start = JournalEntry.Content.started(
            RunStart(
                labels: ["a", "b"], totalSteps: 10, resumedFromStep: nil, trainingRows: 5, validationRows: 1,
                parameters: 10, trainableParameters: 0, blocks: blocks))
        let lines = { (begin: Double, contents: [JournalEntry.Content]) in
            contents.enumerated().map { JournalEntry(sequence: $0 + 1, time: begin + Double($0), content: $1) }
        }
        try await jobs.ingest(lines(1000, [start, point(1), point(2)]), jobID: job.id, attempt: 1, from: 0, to: 50)
        #expect(try await jobs.job(job.id).blocks == blocks)
        #expect(try await jobs.job(job.id).quote.seconds == 2)
        _ = try await jobs.settle(job.id, attempt: 1, outcome: .stopped(.pause, step: 2))
        _ = try await jobs.resume(job.id)
        _ = try await jobs.claim()
        try await jobs.ingest(lines(9000, [start, point(3)]), jobID: job.id, attempt: 2, from: 0, to: 50)
        #expect(try await jobs.job(job.id).quote.seconds == 3)
    }

    @Test("of the same lines twice changes nothing the second time")
    func twice() async throws {
        let entries = journal(point(1), checkpoint(1))
        #expect(try await jobs.ingest(entries, jobID: job.id, attempt: 1, from: 0, to: 50))
        let last = database.feed.lastSequence
        #expect(try await jobs.ingest(entries, jobID: job.id, attempt: 1, from: 0, to: 50) == false)
        #expect(try await jobs.ingest(entries, jobID: job.id, attempt: 1, from: 49, to: 99) == false)
        #expect(database.feed.lastSequence == last)
        #expect(try await database.metrics.points(jobID: job.id).count == 1)
    }

    @Test("of steps that a resumed run repeats makes no second point and no second event")
    func repeated() async throws {
        try await jobs.ingest(
            journal(point(1), point(2), point(3), evaluation(2, loss: 0.5), checkpoint(2)), jobID: job.id, attempt: 1,
            from: 0, to: 50)
        _ = try await jobs.settle(job.id, attempt: 1, outcome: .died(JobError(.workerDied, "gone")))
        _ = try await jobs.claim()
        let identifier = try await database.checkpoints.page(jobID: job.id, limit: 1).elements[0].id
        let before = database.feed.lastSequence
        try await jobs.ingest(
            journal(evaluation(2, loss: 0.5), checkpoint(2), point(3), point(4)), jobID: job.id, attempt: 2, from: 0,
            to: 70)
        let events = try await database.events.following(before, limit: 100)
        #expect(events.map(\.kind) == [.metrics])
        #expect(events.first?.data["step"]?.integer == 4)
        #expect(try await database.metrics.points(jobID: job.id).map(\.step) == [1, 2, 3, 4])
        #expect(try await database.checkpoints.page(jobID: job.id, limit: 1).elements[0].id == identifier)
    }

    @Test("drops the rows of checkpoints that were removed, and keeps one best")
    func removed() async throws {
        try await jobs.ingest(
            journal(
                checkpoint(1, best: true), checkpoint(2), checkpoint(3, best: true, removed: [1]),
                checkpoint(4, removed: [2])), jobID: job.id, attempt: 1, from: 0, to: 9)
        let stored = try await database.checkpoints.page(jobID: job.id, limit: 9).elements
        #expect(stored.map(\.step) == [4, 3])
        #expect(stored.map(\.isBest) == [false, true])
        let page = try await database.checkpoints.page(jobID: job.id, after: stored[0].id, limit: 9)
        #expect(page.elements.map(\.step) == [3])
        await #expect(throws: StorageError.notFound(.checkpoint, id: stored[0].id)) {
            try await database.checkpoints.checkpoint(stored[0].id, jobID: "another")
        }
    }

    @Test("survives closing and reopening the database just where it stood")
    func reopened() async throws {
        let fixture = try Fixture()
        var identifier = ""
        do {
            let database = try await fixture.open()
            let job = try await fixture.runningJob(database)
            identifier = job.id
            try await database.jobs.ingest(journal(point(1)), jobID: job.id, attempt: 1, from: 0, to: 42)
        }
        let database = try await fixture.open()
        #expect(try await database.jobs.journalOffset(identifier, attempt: 1) == 42)
        #expect(
            try await database.jobs.ingest(journal(point(2)), jobID: identifier, attempt: 1, from: 42, to: 84))
        let points = try await database.metrics.points(jobID: identifier)
        #expect(points.map(\.step) == [1, 2])
        #expect(points.map(\.trainLoss) == [1, 0.5])
    }

    @Test("keeps every spike of a long curve when it is thinned out")
    func thinned() async throws {
        let losses = (1...5000).map { step in step == 1234 ? 99.0 : step == 4321 ? -5 : 1 / Double(step) }
        let entries = losses.enumerated().map { index, loss in
            JournalEntry(sequence: index + 1, time: 1, content: point(index + 1, of: 5000, loss: loss))
        }
        try await jobs.ingest(entries, jobID: job.id, attempt: 1, from: 0, to: 9)
        let history = try await database.metrics.history(jobID: job.id, limit: 100)
        #expect(history.total == 5000)
        #expect(history.step.count <= 100)
        #expect(history.step.count > 60)
        #expect(history.step == history.step.sorted())
        #expect(history.step.first == 1)
        #expect(history.step.last == 5000)
        #expect(history.trainLoss.max() == 99)
        #expect(history.trainLoss.min() == -5)
        #expect(history.lastSequence == database.feed.lastSequence)
        let whole = try await database.metrics.history(jobID: job.id)
        #expect(whole.trainLoss == losses)
        let rest = try await database.metrics.history(jobID: job.id, after: history.lastSequence - 2)
        #expect(rest.step == [4999, 5000])
    }
}
