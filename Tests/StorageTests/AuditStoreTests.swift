import FineTuning
import SQLite
import Storage
import Testing

@Suite("The audit log")
struct AuditStoreTests {
    let fixture: Fixture
    let database: Database
    let anonymous = Principal.anonymous(address: "192.0.2.1")

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
    }

    private func entries() async throws -> [AuditEntry] { try await database.audit.following(limit: 1000).elements }

    @Test("tells of every change with who made it, and of none that the server makes")
    func changes() async throws {
        let made = try await database.tokens.create(name: "ci", scopes: [.admin], by: .commandLine)
        let ci = Principal(made.token, address: "198.51.100.7")
        fixture.advance(seconds: 5)
        let job = try await fixture.queuedJob(database, by: ci)
        _ = try await database.jobs.requestPause(job.id, by: anonymous)
        _ = try await database.jobs.resume(job.id, by: ci)
        _ = try await database.jobs.requestCancel(job.id, by: ci)
        let file = try await fixture.addFile(database, by: ci)
        try await database.files.delete(file.id, by: anonymous)
        _ = try await fixture.addFile(database)
        _ = try await fixture.queuedJob(database)
        try await database.tokens.revoke("ci", by: .commandLine)
        let entries = try await entries()
        #expect(
            entries.map(\.action) == [
                .tokenCreate, .jobCreate, .jobPause, .jobResume, .jobCancel, .fileCreate, .fileDelete, .tokenRevoke,
            ])
        #expect(
            entries.map(\.subject) == [
                ci.id, job.id, job.id, job.id, job.id, file.id, file.id, ci.id,
            ])
        #expect(entries.map(\.actor).prefix(3) == ["operator", ci.id, "anonymous"])
        #expect(entries.map(\.actorName).prefix(3) == [nil, "ci", nil])
        #expect(entries.map(\.address).prefix(3) == [nil, "198.51.100.7", "192.0.2.1"])
        #expect(entries.allSatisfy { $0.outcome == AuditEntry.done })
        #expect(entries[0].createdAt == fixture.now - 5 && entries[1].createdAt == fixture.now)
    }

    @Test("has nothing of a change that did not happen")
    func undone() async throws {
        let job = try await fixture.queuedJob(database)
        await #expect(throws: StorageError.self) { try await database.files.delete(job.trainingFile, by: anonymous) }
        await #expect(throws: StorageError.self) { try await database.jobs.resume(job.id, by: anonymous) }
        await #expect(throws: StorageError.self) { try await database.models.delete("none", by: anonymous) }
        await #expect(throws: StorageError.self) { try await database.tokens.revoke("none", by: anonymous) }
        // Nor of a repetition, which makes nothing.
        let key = CreationKey(idempotencyKey: "k", requestDigest: "d", isRetry: false)
        for _ in 0..<2 {
            _ = try await database.jobs.create(fixture.makeJob(database), key: key, by: anonymous)
        }
        #expect(try await entries().map(\.action) == [.jobCreate])
    }

    @Test("is never changed and has no gaps, also for whoever has the database")
    func appendOnly() async throws {
        for number in 0..<4 { try await database.audit.note(.fileDownload, "file-\(number)", by: anonymous) }
        let connection = try Connection(path: database.directory.databasePath)
        for statement in [
            "UPDATE audit SET actor = 'nobody'", "UPDATE audit SET subject = NULL WHERE number = 1",
            "DELETE FROM audit WHERE number = 2", "DELETE FROM audit WHERE number > 2",
        ] {
            #expect(throws: SQLiteError.self) { try connection.execute(statement) }
        }
        #expect(try await entries().map(\.subject) == ["file-0", "file-1", "file-2", "file-3"])
        try connection.execute("DELETE FROM audit WHERE number <= 2")
        #expect(try await entries().map(\.subject) == ["file-2", "file-3"])
    }

    @Test("is bounded by age and by number, and its numbers go on")
    func trimming() async throws {
        #expect(try await database.audit.trim(days: 1) == 0)
        for number in 0..<10 {
            try await database.audit.note(.fileDownload, "file-\(number)", by: anonymous)
            fixture.advance(seconds: 3600)
        }
        // The first was written ten hours ago.
        fixture.advance(seconds: 86_400 - 8 * 3600)
        #expect(try await database.audit.trim(days: 2) == 0)
        #expect(try await database.audit.trim(days: 1) == 2)
        #expect(try await database.audit.trim(days: 1) == 0)
        #expect(try await database.audit.trim(days: 9, limit: 3) == 5)
        #expect(try await entries().map(\.subject) == ["file-7", "file-8", "file-9"])
        fixture.advance(seconds: 10 * 86_400)
        #expect(try await database.audit.trim(days: 1) == 3)
        try await database.audit.note(.fileDownload, "later", by: anonymous)
        #expect(try await entries().map(\.id) == ["ftaudit-000000000000000000000011"])
    }

    @Test("is read in pages from either end")
    func pages() async throws {
        for number in 0..<5 { try await database.audit.note(.fileDownload, "\(number)", by: anonymous) }
        let first = try await database.audit.page(limit: 2)
        #expect(first.elements.map(\.subject) == ["4", "3"] && first.hasMore)
        let last = try await database.audit.page(after: first.elements[1].id, limit: 3)
        #expect(last.elements.map(\.subject) == ["2", "1", "0"] && !last.hasMore)
        let rest = try await database.audit.following(last.elements[0].id, limit: 1)
        #expect(rest.elements.map(\.subject) == ["3"] && rest.hasMore)
        await #expect(throws: StorageError.notFound(.auditEntry, id: "ftevent-1")) {
            try await database.audit.page(after: "ftevent-1", limit: 1)
        }
    }

    @Test("holds no secret that a client has put in the wrong place")
    func secrets() async throws {
        let secret = try await database.tokens.create(name: "ci", scopes: [.read]).secret
        try await database.audit.note(.fileDelete, "file-\(secret).\(secret)x", by: anonymous)
        #expect(try await entries().map(\.subject) == ["file-ft-….ft-…x"])
    }

    @Test(
        "leaves texts without a secret as they are",
        arguments: ["", "ft-", "ft:model:local:x:12345678", "ft-0123", "ft-" + String(repeating: "G", count: 48), "ä…"])
    func redaction(text: String) {
        #expect(TokenSecret.redacted(text) == text)
    }
}
