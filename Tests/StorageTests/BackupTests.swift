import FineTuning
import Foundation
import RunDirectory
import SQLite
import Storage
import Testing

@Suite("A backup")
struct BackupTests {
    let fixture: Fixture
    let database: Database
    /// Where it goes; removed with this fixture.
    let copies: Fixture

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
        copies = try Fixture()
        try FileManager.default.createDirectory(atPath: copies.path, withIntermediateDirectories: true)
    }

    private func backUp(to name: String = "copy") throws -> IntegrityReport {
        try Backup(
            of: DataDirectory(existing: fixture.path), to: "\(copies.path)/\(name)", migrations: Fixture.migrations
        ).run()
    }

    private func open(_ name: String = "copy") async throws -> Database {
        try await Database(
            directory: DataDirectory(path: "\(copies.path)/\(name)"), migrations: Fixture.migrations)
    }

    @Test("holds all that the database names, and of runs the ledgers alone")
    func whole() async throws {
        let finished = try await fixture.succeededJob(database)
        let running = try await fixture.runningJob(database)
        try await fixture.publish(7, of: running, database)
        let base = "\(fixture.path)/models/org/base"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: URL(filePath: "\(base)/config.json"))
        try Data("half".utf8).write(to: URL(filePath: "\(fixture.path)/tmp/half"))

        let report = try backUp()
        #expect(report.findings == [] && report.files == 3 && report.checkpoints == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: copies.path) == ["copy"])
        let expected = try fixture.contents().filter { name in
            !name.hasSuffix("journal.jsonl") && !name.hasSuffix("log.txt") && !name.hasPrefix("tmp/")
        }
        let copy = try await open()
        let names = try FileManager.default.subpathsOfDirectory(atPath: "\(copies.path)/copy")
        #expect(Set(names).isSuperset(of: expected) && expected.contains("models/org/base/config.json"))
        #expect(!names.contains { $0.hasSuffix("journal.jsonl") || $0.hasSuffix("half") })
        for name in expected {
            let (left, right) = ("\(fixture.path)/\(name)", "\(copies.path)/copy/\(name)")
            #expect(FileManager.default.contentsEqual(atPath: left, andPath: right), "\(name)")
        }
        #expect(try await copy.jobs.job(finished.id) == finished)
        #expect(
            try await copy.models.directory(#require(finished.fineTunedModel)).hasPrefix("\(copies.path)/copy/runs/"))
        // Its worker is not in the copy: the server that starts on it finds no recipe and puts it back in the queue.
        let attempt = copy.directory.attemptPath(running.id, attempt: running.attempt)
        #expect(!RunDirectory(path: attempt).exists)
        #expect(try await copy.jobs.job(running.id).state == .running)
    }

    @Test("is whole while files come and go and checkpoints are replaced")
    func meanwhile() async throws {
        let job = try await fixture.runningJob(database)
        for _ in 0..<20 { try await fixture.addFile(database) }
        let (fixture, database) = (fixture, database)
        let changes = Task {
            var step = 0
            while !Task.isCancelled {
                let file = try await fixture.addFile(database)
                let old = try await database.files.page(limit: 1, order: .ascending).elements
                for file in old where file.id != job.trainingFile { try await database.files.delete(file.id) }
                if step.isMultiple(of: 2) { try await database.files.delete(file.id) }
                try await fixture.publish(
                    step + 1, of: job, database, from: 100 * step, removing: step == 0 ? [] : [step])
                let checkpoints = database.directory.checkpointsPath(job.id)
                if step > 0 {
                    let grave = "\(checkpoints)/.removed"
                    try FileManager.default.moveItem(
                        atPath: "\(checkpoints)/\(PublishedCheckpoint.name(step: step))", toPath: grave)
                    try FileManager.default.removeItem(atPath: grave)
                }
                step += 1
            }
        }
        for round in 0..<10 {
            let report = try backUp(to: "\(round)")
            #expect(report.findings == [], "\(report.findings)")
            let copy = try await open("\(round)")
            #expect(try await copy.files.page(limit: 100).elements.count == report.files)
            #expect(try await copy.checkpoints.page(jobID: job.id, limit: 9).elements.count <= 1)
        }
        changes.cancel()
        _ = try await changes.value
    }

    @Test("tells what was damaged before, and is made all the same")
    func damaged() async throws {
        let file = try await fixture.addFile(database)
        let gone = try await fixture.addFile(database)
        try FileManager.default.removeItem(atPath: database.files.path(gone.id))
        let report = try withDamage(at: 2, of: database.files.path(file.id)) { try backUp() }
        #expect(
            report.findings.map(\.path) == ["files/\(file.id)", "files/\(gone.id)"]
                && report.findings.map(\.kind) == [.damaged, .missing])
        #expect(try await open().files.page(limit: 9).elements.count == 2)
    }

    @Test("tells of commits that were lost with the write-ahead log")
    func lostCommits() async throws {
        for _ in 0..<5 { _ = try await fixture.queuedJob(database) }
        let report = try withDamage(at: 5000, of: "\(fixture.path)/finetuned.sqlite-wal") { try backUp() }
        #expect(report.findings.contains { $0.path == "finetuned.sqlite-wal" })
        #expect(try backUp(to: "another").findings == [])
    }

    @Test("is refused where its place is taken, is inside the original, is nowhere, or has no room; nothing is left")
    func refused() async throws {
        try FileManager.default.createDirectory(atPath: "\(copies.path)/copy", withIntermediateDirectories: false)
        #expect(throws: BackupError.exists(path: "\(copies.path)/copy")) { try backUp() }
        #expect(throws: BackupError.noParent(path: "\(copies.path)/none")) { try backUp(to: "none/copy") }
        #expect(throws: BackupError.inside(path: "\(fixture.path)/copy")) {
            try Backup(
                of: DataDirectory(existing: fixture.path), to: "\(fixture.path)/copy", migrations: Fixture.migrations)
        }
        try FileManager.default.removeItem(atPath: "\(copies.path)/copy")
        try await fixture.addFile(database)
        try Connection(path: "\(fixture.path)/finetuned.sqlite").run("UPDATE files SET bytes = ?", 1 << 60)
        let error = try #require(throws: BackupError.self) { try backUp() }
        guard case .noRoom(_, let needed, _) = error else { throw error }
        #expect(needed > 1 << 60)
        #expect(try FileManager.default.contentsOfDirectory(atPath: copies.path) == [])
    }
}

extension RunDirectory {
    fileprivate var exists: Bool { FileManager.default.fileExists(atPath: path + "/recipe.json") }
}
