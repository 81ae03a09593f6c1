import FineTuning
import JSON
import SQLite
import Storage
import Synchronization
import Testing

@Suite("Jobs in the database")
struct JobStoreTests {
    let fixture: Fixture
    let database: Database
    var jobs: JobStore { database.jobs }

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
    }

    @Test("come back as they were stored")
    func roundTrip() async throws {
        let job = try await fixture.makeJob(database, priority: 3, metadata: ["team": "support", "ü": "\"x\""])
        #expect(try await jobs.create(job) == job)
        #expect(try await jobs.job(job.id) == job)
    }

    @Test("are described as they are now, and anew only where something has changed")
    func descriptions() async throws {
        let (first, second) = (try await fixture.queuedJob(database), try await fixture.queuedJob(database))
        let described = Mutex(0)
        func describe(_ job: Job) async throws -> String {
            let time = fixture.now
            let bytes = try await jobs.description(of: job.id, at: time) { job, position, trials in
                described.withLock { $0 += 1 }
                return Array("\(job.state.rawValue) \(position ?? 0) \(trials.count) \(time)".utf8)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        for _ in 0..<30 { #expect(try await describe(second) == "queued 2 0 \(fixture.now)") }
        #expect(described.withLock { $0 } == 1)
        _ = try await jobs.claim()
        for _ in 0..<6 {
            #expect(try await describe(first) == "running 0 0 \(fixture.now)")
            #expect(try await describe(second) == "queued 1 0 \(fixture.now)")
        }
        fixture.advance(seconds: 1)
        for _ in 0..<6 { #expect(try await describe(first) == "running 0 0 \(fixture.now)") }
        await #expect(throws: StorageError.notFound(.job, id: "nobody")) {
            try await jobs.description(of: "nobody", at: 0) { _, _, _ in [] }
        }
    }

    @Test("are refused without their training file")
    func missingFile() async throws {
        let job = Job(createdAt: 1, recipe: Recipe(model: "m", seed: 1), trainingFile: "file-none")
        await #expect(throws: StorageError.notFound(.file, id: "file-none")) { try await jobs.create(job) }
        #expect(try await jobs.page(limit: 10).elements.isEmpty)
        #expect(database.feed.lastSequence == 0)
    }

    @Test("are paged newest first")
    func pages() async throws {
        var ids: [String] = []
        for _ in 0..<5 { ids.insert(try await jobs.create(fixture.makeJob(database)).id, at: 0) }
        let first = try await jobs.page(limit: 2)
        #expect(first.elements.map(\.id) == Array(ids[0..<2]))
        #expect(first.hasMore)
        let last = try await jobs.page(after: ids[1], limit: 3)
        #expect(last.elements.map(\.id) == Array(ids[2..<5]))
        #expect(!last.hasMore)
        #expect(try await jobs.page(after: ids[4], limit: 3).elements.isEmpty)
        await #expect(throws: StorageError.notFound(.job, id: "nobody")) {
            try await jobs.page(after: "nobody", limit: 1)
        }
    }

    @Test("are found by metadata, whose names and values are never SQL")
    func metadata() async throws {
        let job = try await jobs.create(fixture.makeJob(database, metadata: ["a\"'.b": "x' OR 1=1 --", "c": "d"]))
        _ = try await jobs.create(fixture.makeJob(database, metadata: ["c": "e"]))
        #expect(try await jobs.page(limit: 9, metadata: ["a\"'.b": "x' OR 1=1 --"]).elements.map(\.id) == [job.id])
        #expect(try await jobs.page(limit: 9, metadata: ["c": "d"]).elements.map(\.id) == [job.id])
        #expect(try await jobs.page(limit: 9, metadata: ["c": "' OR 1=1 --"]).elements.isEmpty)
    }

    @Test("made twice with one idempotency key are one, with another body an error")
    func idempotency() async throws {
        let key = CreationKey(idempotencyKey: "k", requestDigest: "d", isRetry: false)
        let first = try await jobs.create(fixture.makeJob(database), key: key)
        let second = try await jobs.create(fixture.makeJob(database), key: key)
        #expect(first.id == second.id)
        var other = key
        other.requestDigest = "e"
        let conflicting = other
        await #expect(throws: StorageError.idempotencyMismatch(key: "k")) {
            try await jobs.create(fixture.makeJob(database), key: conflicting)
        }
        let stranger = Principal.anonymous(address: "127.0.0.1")
        #expect(try await jobs.create(fixture.makeJob(database), key: key, by: stranger).id != first.id)
    }

    @Test("repeated by a client's own retry are one for ten seconds, without the mark two")
    func retries() async throws {
        var key = CreationKey(idempotencyKey: nil, requestDigest: "d", isRetry: false)
        let first = try await jobs.create(fixture.makeJob(database), key: key)
        let unmarked = try await jobs.create(fixture.makeJob(database), key: key)
        #expect(unmarked.id != first.id)
        key.isRetry = true
        #expect(try await jobs.create(fixture.makeJob(database), key: key).id == unmarked.id)
        fixture.advance(seconds: 11)
        #expect(try await jobs.create(fixture.makeJob(database), key: key).id != unmarked.id)
    }

    @Test("are claimed once each, by priority and then by age, however many claim at once")
    func claims() async throws {
        let low = try await fixture.queuedJob(database)
        let high = try await fixture.queuedJob(database, priority: 5)
        #expect(try await jobs.queuePositions() == [high.id: 1, low.id: 2])
        var others: Set<String> = []
        for _ in 0..<10 { others.insert(try await fixture.queuedJob(database, priority: -1).id) }
        #expect(try await jobs.claim()?.id == high.id)
        #expect(try await jobs.claim()?.id == low.id)
        let claimed = try await withThrowingTaskGroup(of: Job?.self) { group in
            for _ in 0..<40 { group.addTask { try await jobs.claim() } }
            return try await group.reduce(into: [Job]()) { if let job = $1 { $0.append(job) } }
        }
        #expect(claimed.count == 10)
        #expect(Set(claimed.map(\.id)) == others)
        #expect(claimed.allSatisfy { $0.attempt == 1 && $0.state == .running })
    }

    @Test("are claimed once each, also by eight schedulers with a connection each to one database")
    func claimsOfEight() async throws {
        var waiting: Set<String> = []
        for _ in 0..<64 { waiting.insert(try await fixture.queuedJob(database).id) }
        var databases: [Database] = []
        for _ in 0..<8 {
            // A daemon keeps others out of its data directory: the queue must not rely on that.
            let directory = try DataDirectory(path: fixture.path, exclusive: false)
            databases.append(try await Database(directory: directory, migrations: Fixture.migrations))
        }
        let claimed = try await withThrowingTaskGroup(of: [Job].self) { group in
            for database in databases {
                group.addTask {
                    var own: [Job] = []
                    while let job = try await database.jobs.claim() { own.append(job) }
                    return own
                }
            }
            return try await group.reduce(into: [Job]()) { $0 += $1 }
        }
        #expect(claimed.count == 64)
        #expect(Set(claimed.map(\.id)) == waiting)
        #expect(claimed.allSatisfy { $0.attempt == 1 })
    }

    @Test("that wait are cancelled and paused at once; those that run get an intent")
    func requests() async throws {
        let waiting = try await fixture.queuedJob(database)
        #expect(try await jobs.requestPause(waiting.id).state == .paused)
        #expect(try await jobs.requestPause(waiting.id).state == .paused)
        #expect(try await jobs.claim() == nil)
        #expect(try await jobs.resume(waiting.id).state == .queued)
        #expect(try await jobs.claim()?.id == waiting.id)
        let pausing = try await jobs.requestPause(waiting.id)
        #expect(pausing.state == .running)
        #expect(pausing.intent == .pause)
        await #expect(throws: StorageError.stillPausing(jobID: waiting.id)) { try await jobs.resume(waiting.id) }
        #expect(try await jobs.requestCancel(waiting.id).intent == .cancel)
        #expect(try await jobs.requestPause(waiting.id).intent == .cancel)
        let checked = try await jobs.create(fixture.makeJob(database))
        #expect(try await jobs.requestCancel(checked.id).state == .cancelled)
        let again = StorageError.notPossible(action: "cancelled", jobID: checked.id, state: .cancelled)
        await #expect(throws: again) { try await jobs.requestCancel(checked.id) }
        #expect(try await jobs.finishValidation(checked.id, recipe: checked.recipe, warnings: []) == false)
        #expect(try await jobs.job(checked.id).finishedAt != nil)
    }

    @Test("have a state for each that the database allows, and no other")
    func states() async throws {
        for state in JobState.allCases {
            let count = try await jobs.inState(state).count
            #expect(count == 0)
        }
        let connection = try Connection(path: database.directory.databasePath)
        let schema = try #require(
            try connection.value("SELECT sql FROM sqlite_schema WHERE name = 'jobs'", as: String.self))
        let list = try #require(schema.split(separator: "state IN (").dropFirst().first?.split(separator: ")").first)
        let allowed = list.split(separator: ",").map { $0.filter { $0.isLetter || $0 == "_" } }
        #expect(allowed == JobState.allCases.map(\.rawValue))
        let job = try await fixture.queuedJob(database)
        #expect(throws: SQLiteError.self) {
            try connection.run("UPDATE jobs SET state = 'sleeping' WHERE id = ?", job.id)
        }
    }
}
