import FineTuning
import RunDirectory
import SQLite
import Storage
import Testing

@Suite("The event feed")
struct EventFeedTests {
    let fixture: Fixture
    let database: Database

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
    }

    /// Reads until the event with that number.
    func collect(_ subscription: EventSubscription, upTo last: Int) async throws -> [Event] {
        var events: [Event] = []
        for try await batch in subscription {
            events += batch
            if batch.contains(where: { $0.sequence >= last }) { break }
        }
        return events
    }

    @Test("gives every event once and in order to followers that came early, late and in the middle")
    func followers() async throws {
        let job = try await fixture.runningJob(database)
        let start = database.feed.lastSequence
        let total = 300
        let lists = try await withThrowingTaskGroup(of: [Int].self) { group in
            for offset in 0..<20 {
                group.addTask {
                    let after = offset == 0 ? 0 : start
                    return try await collect(
                        database.feed.subscribe(jobID: offset.isMultiple(of: 2) ? job.id : nil, after: after),
                        upTo: start + total
                    ).map(\.sequence)
                }
            }
            for step in 1...total {
                try await database.jobs.ingest(
                    journal(point(step, of: total)), jobID: job.id, attempt: 1, from: step - 1, to: step)
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for list in lists { #expect(list == Array((list.count > total ? 1 : start + 1)...(start + total))) }
    }

    @Test("reads from the database what memory no longer holds")
    func behind() async throws {
        let job = try await fixture.runningJob(database)
        let total = 10_000
        for batch in 0..<10 {
            let entries = (1...1000).map {
                JournalEntry(sequence: $0, time: 1, content: point(batch * 1000 + $0, of: total))
            }
            try await database.jobs.ingest(entries, jobID: job.id, attempt: 1, from: batch, to: batch + 1)
        }
        let last = database.feed.lastSequence
        let events = try await collect(database.feed.subscribe(jobID: job.id, after: 0), upTo: last)
        #expect(events.map(\.sequence) == Array(1...last))
    }

    @Test("gives events that are larger than all it keeps, and those around them")
    func large() async throws {
        let job = try await fixture.runningJob(database)
        let start = database.feed.lastSequence
        let entries = journal(
            point(1), evaluation(1, loss: 1, labels: (0..<200).map(String.init)), point(2),
            evaluation(2, loss: 1, labels: (0..<100).map(String.init)), point(3))
        for (index, entry) in entries.enumerated() {
            try await database.jobs.ingest([entry], jobID: job.id, attempt: 1, from: index, to: index + 1)
        }
        let last = database.feed.lastSequence
        for after in start..<last {
            let events = try await collect(database.feed.subscribe(jobID: job.id, after: after), upTo: last)
            #expect(events.map(\.sequence) == Array(after + 1...last))
            #expect(events == (try await database.events.following(after, jobID: job.id, limit: 100)))
        }
    }

    @Test("has from the database what was committed and, as the commit reported an error, never published")
    func unpublished() async throws {
        let job = try await fixture.runningJob(database)
        let start = database.feed.lastSequence
        try await database.jobs.note(job.id, level: .info, message: "before")
        try Connection(path: database.directory.databasePath).run(
            """
            INSERT INTO events (job_id, created_at, kind, level, message, data_json)
            VALUES (?, 1, 'message', 'info', 'hidden', '{}')
            """, job.id)
        try await database.jobs.note(job.id, level: .info, message: "after")
        let events = try await collect(database.feed.subscribe(jobID: job.id, after: start), upTo: start + 3)
        #expect(events.map(\.message) == ["before", "hidden", "after"])
    }

    @Test("tells a follower of one job nothing of another")
    func filtered() async throws {
        let first = try await fixture.runningJob(database)
        let start = database.feed.lastSequence
        let second = try await fixture.runningJob(database)
        try await database.jobs.ingest(journal(point(1)), jobID: second.id, attempt: 1, from: 0, to: 1)
        try await database.jobs.ingest(journal(point(1)), jobID: first.id, attempt: 1, from: 0, to: 1)
        let events = try await collect(database.feed.subscribe(jobID: first.id, after: start), upTo: start + 1)
        #expect(Set(events.map(\.jobID)) == [first.id])
    }

    @Test("lets a waiting follower go when his task is cancelled")
    func cancelled() async throws {
        let feed = database.feed
        let task = Task {
            var iterator = feed.subscribe(after: 0).makeAsyncIterator()
            return try await iterator.next()
        }
        task.cancel()
        #expect(try await task.value == nil)
    }

    @Test("continues after a restart where it ended")
    func restarted() async throws {
        let fixture = try Fixture()
        var last = 0
        do {
            let database = try await fixture.open()
            _ = try await fixture.runningJob(database)
            last = database.feed.lastSequence
        }
        let database = try await fixture.open()
        #expect(database.feed.lastSequence == last)
        let events = try await collect(database.feed.subscribe(after: 1), upTo: last)
        #expect(events.map(\.sequence) == Array(2...last))
    }

    @Test("gives pages of a job's events, newest first, and refuses what is no event")
    func pages() async throws {
        let job = try await fixture.runningJob(database)
        let events = try await database.events.following(0, jobID: job.id, limit: 100)
        let page = try await database.events.page(jobID: job.id, limit: 2)
        #expect(page.elements.map(\.id) == events.suffix(2).reversed().map(\.id))
        #expect(page.hasMore)
        let rest = try await database.events.page(jobID: job.id, after: page.elements[1].id, limit: 100)
        #expect(rest.elements == events.dropLast(2).reversed())
        await #expect(throws: StorageError.notFound(.event, id: "ftevent-1")) {
            try await database.events.page(jobID: job.id, after: "ftevent-1", limit: 1)
        }
    }

    @Test("leaves the steps out of a page where they are not asked for")
    func withoutMetrics() async throws {
        let job = try await fixture.runningJob(database)
        let before = try await database.events.page(jobID: job.id, limit: 100).elements
        try await database.jobs.ingest(journal(point(1), point(2)), jobID: job.id, attempt: 1, from: 0, to: 2)
        #expect(try await database.events.page(jobID: job.id, limit: 100).elements.count == before.count + 2)
        let page = try await database.events.page(jobID: job.id, limit: before.count, withMetrics: false)
        #expect(page.elements == before && !page.hasMore)
    }
}
