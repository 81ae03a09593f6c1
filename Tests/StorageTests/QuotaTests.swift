import FineTuning
import Foundation
import JSON
import Storage
import Testing

@Suite("Quotas")
struct QuotaTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func principal(_ name: String, _ quota: Quota, _ database: Database) async throws -> Principal {
        let made = try await database.tokens.create(name: name, scopes: [.submit], quota: quota)
        return Principal(made.token, address: "192.0.2.1")
    }

    private func excess(_ limit: Int, _ used: Int, _ asked: Int) -> StorageError {
        .quotaExceeded(Quota.Excess(resource: .queuedJobs, limit: limit, used: used, asked: asked))
    }

    @Test("hold the jobs of a token that wait, whatever others do")
    func queued() async throws {
        let database = try await fixture.open()
        let one = try await principal("one", Quota(queuedJobs: 2), database)
        let two = try await principal("two", Quota(), database)
        let first = try await fixture.queuedJob(database, by: one)
        _ = try await database.jobs.create(fixture.makeJob(database), by: one)
        let third = try await fixture.makeJob(database)
        await #expect(throws: excess(2, 2, 1)) { try await database.jobs.create(third, by: one) }
        for _ in 0..<3 { _ = try await fixture.queuedJob(database, by: two) }
        // A paused job waits, too; one that runs does not.
        _ = try await database.jobs.requestPause(first.id)
        await #expect(throws: excess(2, 2, 1)) { try await database.jobs.create(third, by: one) }
        _ = try await database.jobs.resume(first.id)
        #expect(try await database.jobs.claim()?.id == first.id)
        #expect(try await database.jobs.create(third, by: one).id == third.id)
    }

    @Test("are not shared by creations at once")
    func concurrentJobs() async throws {
        let database = try await fixture.open()
        let one = try await principal("one", Quota(queuedJobs: 5), database)
        var jobs: [Job] = []
        for _ in 0..<20 { jobs.append(try await fixture.makeJob(database)) }
        let outcomes = await withTaskGroup(of: StorageError?.self) { group in
            for job in jobs {
                group.addTask {
                    do {
                        _ = try await database.jobs.create(job, by: one)
                        return nil
                    } catch {
                        return error as? StorageError
                    }
                }
            }
            return await group.reduce(into: [StorageError?]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 5)
        #expect(outcomes.count { $0 == excess(5, 5, 1) } == 15)
    }

    @Test("do not stand in the way of a client's second try")
    func retries() async throws {
        let database = try await fixture.open()
        let one = try await principal("one", Quota(queuedJobs: 1), database)
        let key = CreationKey(idempotencyKey: "k", requestDigest: "d", isRetry: false)
        let job = try await database.jobs.create(fixture.makeJob(database), key: key, by: one)
        #expect(try await database.jobs.create(fixture.makeJob(database), key: key, by: one).id == job.id)
    }

    @Test("count a sweep as its trials, before they are there and after, and its trials as its creator's")
    func sweeps() async throws {
        let database = try await fixture.open()
        let one = try await principal("one", Quota(queuedJobs: 4, runningJobs: 2), database)
        let file = try await fixture.addFile(database)
        let sweep = { (seeds: Int) throws in
            let body: JSONValue = [
                "model": "m", "training_file": .string(file.id),
                "sweep": ["parameters": ["seed": .array((0..<seeds).map { JSONValue($0) })]],
            ]
            let asked = try JobRequest(body, threads: 1)
            let job = Job(createdAt: 1, recipe: asked.recipe, trainingFile: file.id, sweep: asked.sweep)
            return (job: job, points: asked.points)
        }
        let (large, points) = try sweep(5)
        await #expect(throws: excess(4, 0, 5)) { try await database.jobs.create(large, points: points, by: one) }
        let (small, few) = try sweep(3)
        _ = try await database.jobs.create(small, points: few, by: one)
        let (other, two) = try sweep(2)
        await #expect(throws: excess(4, 3, 2)) { try await database.jobs.create(other, points: two, by: one) }
        try await database.jobs.finishValidation(small.id, recipe: small.recipe, warnings: [])
        await #expect(throws: excess(4, 3, 2)) { try await database.jobs.create(other, points: two, by: one) }
        for job in try await database.jobs.inState(.validatingFiles) {
            try await database.jobs.finishValidation(job.id, recipe: job.recipe, warnings: [])
        }
        // The sweep itself trains nothing, so that two of its trials may run.
        #expect(try await database.jobs.claim() != nil)
        #expect(try await database.jobs.claim() != nil)
        #expect(try await database.jobs.claim() == nil)
        #expect(try await database.jobs.create(other, points: two, by: one).id == other.id)
    }

    @Test("let jobs beyond what may run wait in their places, and others pass")
    func running() async throws {
        let database = try await fixture.open()
        let one = try await principal("one", Quota(runningJobs: 1), database)
        let two = try await principal("two", Quota(), database)
        let first = try await fixture.queuedJob(database, by: one)
        let second = try await fixture.queuedJob(database, priority: 9, by: one)
        let third = try await fixture.queuedJob(database, by: two)
        let claim = { () async throws -> String? in
            let next = try await database.jobs.nextInQueue()?.id
            let claimed = try await database.jobs.claim()
            #expect(claimed?.id == next)
            return claimed?.id
        }
        #expect(try await claim() == second.id)
        #expect(try await claim() == third.id)
        #expect(try await claim() == nil)
        #expect(try await database.jobs.queuePositions() == [first.id: 1])
        _ = try await database.jobs.settle(
            second.id, attempt: 1, outcome: .failed(JobError(.diverged, "the loss is not finite")))
        #expect(try await claim() == first.id)
    }

    @Test("hold the bytes of a token's files, results of its jobs among them, and are not shared by uploads at once")
    func bytes() async throws {
        let database = try await fixture.open()
        let one = try await principal("one", Quota(storedBytes: 27), database)
        let stored = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<12 {
                group.addTask { [fixture] in (try? await fixture.addFile(database, by: one)) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(stored == 5)
        let room = try await database.files.room(of: one)
        #expect(room?.left == 2)
        let refused = StorageError.quotaExceeded(
            Quota.Excess(resource: .storedBytes, limit: 27, used: 25, asked: 5))
        await #expect(throws: refused) { try await fixture.addFile(database, by: one) }
        let names = try await database.files.page(limit: 99).elements.map(\.id).sorted()
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.path)/files").sorted() == names)
        try await database.files.delete(names[0])
        try await fixture.addFile(database, by: one)
        try await fixture.addFile(database)

        // What a job puts out is never refused, and counts afterwards.
        let job = try await fixture.queuedJob(database, by: one)
        _ = try await database.jobs.claim()
        let result = try database.files.write(Array("step\n".utf8), filename: "r.csv", createdAt: 1)
        let model = FineTunedModel(
            name: "ft:m:o::x", jobID: job.id, parent: "m", createdAt: 5, directory: "runs/x", task: .textClassification,
            labels: ["a", "b"])
        let success = AttemptOutcome.Success(model: model, resultFiles: [result], trainedTokens: 1)
        _ = try await database.jobs.settle(job.id, attempt: 1, outcome: .succeeded(success))
        #expect(try await database.files.room(of: one)?.left == 0)
    }

    @Test("are the server's where a token has none of its own")
    func defaults() async throws {
        let database = try await fixture.open(quota: Quota(queuedJobs: 1, runningJobs: 1, storedBytes: 9))
        let anonymous = Principal.anonymous(address: "127.0.0.1")
        let own = try await principal("own", Quota(queuedJobs: 3, storedBytes: 100), database)
        #expect(try await database.files.room(of: anonymous)?.left == 9)
        #expect(try await database.files.room(of: own)?.left == 100)
        _ = try await fixture.queuedJob(database, by: anonymous)
        let more = try await fixture.makeJob(database)
        await #expect(throws: excess(1, 1, 1)) { try await database.jobs.create(more, by: anonymous) }
        _ = try await fixture.queuedJob(database, by: own)
        _ = try await fixture.queuedJob(database, by: own)
        #expect(try await database.jobs.claim() != nil)
        #expect(try await database.jobs.claim() != nil)
        #expect(try await database.jobs.claim() == nil)
        // Without any limit there is none to tell.
        let free = try await Fixture().open()
        #expect(try await free.files.room(of: anonymous) == nil)
    }

    @Test("stay with their token")
    func stored() async throws {
        let database = try await fixture.open()
        let quota = Quota(queuedJobs: 0, runningJobs: 7, storedBytes: 1 << 40)
        _ = try await database.tokens.create(name: "one", scopes: [.read], quota: quota)
        _ = try await database.tokens.create(name: "two", scopes: [.read])
        #expect(try await database.tokens.all().map(\.quota) == [quota, Quota()])
    }
}
