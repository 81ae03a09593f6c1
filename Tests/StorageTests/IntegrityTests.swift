import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import SQLite
import Storage
import Testing

@Suite("A check of a data directory")
struct IntegrityTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func check() throws -> IntegrityReport {
        try IntegrityCheck.run(DataDirectory(existing: fixture.path), migrations: Fixture.migrations)
    }

    @Test("finds nothing wrong with a sound one, and changes nothing in it")
    func sound() async throws {
        let database = try await fixture.open()
        _ = try await fixture.succeededJob(database)
        let running = try await fixture.runningJob(database)
        try await fixture.publish(3, of: running, database)
        let before = try fixture.contents()
        let report = try check()
        #expect(report.findings == [] && report.isSound)
        #expect(report.files == 3 && report.checkpoints == 3 && report.bytes > 3 * 900)
        #expect(try fixture.contents() == before)
    }

    @Test("finds a changed byte in any file, wherever it is")
    func anyByte() async throws {
        let database = try await fixture.open()
        _ = try await fixture.succeededJob(database)
        let unhashed: Set = ["journal.jsonl", "log.txt"]
        let paths = try fixture.contents().filter { path in !unhashed.contains { path.hasSuffix($0) } }
        // Training file and ledger with its copy; two checkpoints of five files.
        #expect(paths.count == 13)
        var generator = RepeatableNumbers(state: 1)
        for path in paths {
            let place = "\(fixture.path)/\(path)"
            let size = try FileDescriptor.open(place).size()
            for offset in [0, size - 1] + (0..<8).map({ _ in Int.random(in: 0..<size, using: &generator) }) {
                // The lowest bit, the highest, or those that make a space a new line.
                let bits = ([1, 0x80, 0x2A] as [UInt8]).randomElement(using: &generator) ?? 1
                let report = try withDamage(at: offset, of: place, bits: bits) { try check() }
                #expect(!report.isSound, "\(path) at \(offset)")
            }
        }
        #expect(try check().findings == [])
    }

    @Test("finds a file that was cut, and one that is gone")
    func lengths() async throws {
        let database = try await fixture.open()
        _ = try await fixture.succeededJob(database)
        for path in try fixture.contents() where !path.hasSuffix("journal.jsonl") && !path.hasSuffix("log.txt") {
            let place = "\(fixture.path)/\(path)"
            let content = try Data(contentsOf: URL(filePath: place))
            try content.dropLast().write(to: URL(filePath: place))
            #expect(try check().findings.contains { $0.kind == .damaged && $0.path == path }, "\(path)")
            try FileManager.default.removeItem(atPath: place)
            #expect(try check().findings.contains { $0.kind == .missing && $0.path == path }, "\(path)")
            try content.write(to: URL(filePath: place))
        }
        #expect(try check().findings == [])
    }

    @Test("tells what nothing names, and finds nothing damaged for that")
    func strays() async throws {
        var strays: [String] = []
        do {
            let database = try await fixture.open()
            let job = try await fixture.succeededJob(database)
            let other = try await fixture.runningJob(database)
            let checkpoints = "runs/\(job.id)/checkpoints"
            strays = [
                "files/file-nobody", "\(checkpoints)/.writing-step-000015", "\(checkpoints)/step-000010/more",
                "\(checkpoints)/step-000099", "runs/ftjob-nobody",
            ]
            // A worker at work is ahead of the database.
            for path in strays + ["runs/\(other.id)/checkpoints/step-000001"] {
                try FileManager.default.createDirectory(
                    atPath: URL(filePath: "\(fixture.path)/\(path)").deletingLastPathComponent().path,
                    withIntermediateDirectories: true)
                try DurableFile.write([1], to: "\(fixture.path)/\(path)")
            }
            // What a running server is about to name.
            #expect(try check().findings.map(\.path) == ["\(checkpoints)/step-000010/more"])
        }
        let report = try check()
        #expect(report.isSound && report.findings.allSatisfy { $0.kind == .stray })
        #expect(report.findings.map(\.path).sorted() == strays.sorted())
    }

    @Test("takes what a worker has replaced and only told its journal for no damage")
    func replaced() async throws {
        let database = try await fixture.open()
        let job = try await fixture.runningJob(database)
        try await fixture.publish(5, of: job, database)
        try FileManager.default.removeItem(
            atPath: "\(database.directory.checkpointsPath(job.id))/\(PublishedCheckpoint.name(step: 5))")
        #expect(try check().findings.map(\.kind) == [.missing])
        let attempt = database.directory.attemptPath(job.id, attempt: job.attempt)
        try FileManager.default.createDirectory(atPath: attempt, withIntermediateDirectories: true)
        // The line begins where the database has read up to.
        let line = journal(checkpoint(10, removed: [5]))[0].json.text + "\n"
        try DurableFile.write(
            Array(String(repeating: " ", count: 99).utf8) + [0x0A] + Array(line.utf8), to: "\(attempt)/journal.jsonl")
        #expect(try check().findings == [])
    }

    @Test("finds every damage to a page's head, and to a hash, a size or a figure in a row")
    func database() async throws {
        do {
            let database = try await fixture.open()
            _ = try await fixture.succeededJob(database)
            let job = try await fixture.runningJob(database)
            let points = (1...200).map { point($0, of: 200) }
            try await database.jobs.ingest(
                points.enumerated().map { JournalEntry(sequence: $0 + 1, time: 1, content: $1) }, jobID: job.id,
                attempt: 1, from: 0, to: 9)
        }
        let path = "\(fixture.path)/finetuned.sqlite"
        try Connection(path: path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        #expect(try check().findings == [])
        let bytes = try Array(Data(contentsOf: URL(filePath: path)))
        for page in 0..<(bytes.count / 4096) {
            // The kind of page; the first one begins with the file's head (sqlite.org/fileformat.html).
            let offset = page == 0 ? 100 : page * 4096
            let report = try withDamage(at: offset, of: path) { try check() }
            #expect(!report.isSound, "page \(page + 1)")
        }
        let hash = Array("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824".utf8)
        let told = Array("\"train_loss\":0.0".utf8)
        let stored = withUnsafeBytes(of: (1 / 7.0).bitPattern.bigEndian) { Array($0) }
        for (pattern, least) in [(hash, 2), (told, 50), (stored, 1)] {
            let places = bytes.indices.dropLast(pattern.count).filter { bytes[$0...].starts(with: pattern) }
            #expect(places.count >= least)
            for place in places.prefix(least) {
                let report = try withDamage(at: place + pattern.count - 1, of: path) { try check() }
                #expect(report.findings.contains { $0.kind == .damaged }, "at \(place)")
            }
        }
        #expect(try check().findings == [])
    }

    @Test("finds a changed byte anywhere in what was committed to the write-ahead log alone")
    func writeAheadLog() async throws {
        let database = try await fixture.open()
        for _ in 0..<5 { _ = try await fixture.queuedJob(database) }
        let path = "\(fixture.path)/finetuned.sqlite-wal"
        let size = try FileDescriptor.open(path).size()
        #expect(size > 100_000)
        var generator = RepeatableNumbers(state: 2)
        for offset in [0, 31, 32, size - 1] + (0..<100).map({ _ in Int.random(in: 0..<size, using: &generator) }) {
            let report = try withDamage(at: offset, of: path) { try check() }
            #expect(report.findings.first?.path == "finetuned.sqlite-wal", "\(offset)")
        }
        #expect(try check().findings == [])
        // A commit that was cut off by a power cut was never told to be done.
        let content = try Data(contentsOf: URL(filePath: path))
        try content.dropLast(100).write(to: URL(filePath: path))
        #expect(try !check().findings.contains { $0.path == "finetuned.sqlite-wal" })
        try content.write(to: URL(filePath: path))
        // Where it begins anew, older frames lie behind the newer ones.
        try Connection(path: "\(fixture.path)/finetuned.sqlite").execute("PRAGMA wal_checkpoint(RESTART)")
        _ = try await fixture.queuedJob(database)
        #expect(try FileDescriptor.open(path).size() >= size)
        #expect(try check().findings == [])
    }

    @Test("finds a database that is none, or was cut")
    func noDatabase() async throws {
        do { _ = try await fixture.open() }
        let path = "\(fixture.path)/finetuned.sqlite"
        try Connection(path: path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        let content = try Data(contentsOf: URL(filePath: path))
        for broken in [Data("no database at all, but long enough to look like one".utf8), content.prefix(4096 * 3)] {
            try broken.write(to: URL(filePath: path))
            #expect(try check().findings.first?.path == "finetuned.sqlite")
        }
    }

    @Test("reads a database of an earlier version, and refuses one of a newer", arguments: EarlierDatabase.levels)
    func levels(level: Int) async throws {
        let earlier = try EarlierDatabase(level: level, in: fixture)
        let report = try check()
        // Its rows name content that was never there.
        #expect(report.findings.allSatisfy { $0.kind == .missing } && report.files == 2 && report.checkpoints == 1)
        if level < EarlierDatabase.levels.upperBound { return }
        try FileManager.default.removeItem(
            atPath:
                "\(earlier.migrations)/\(try FileManager.default.contentsOfDirectory(atPath: earlier.migrations).max() ?? "")"
        )
        #expect(throws: MigrationError.self) {
            try IntegrityCheck.run(DataDirectory(existing: fixture.path), migrations: earlier.migrations)
        }
    }
}

/// Numbers that are the same in every run (Knuth's MMIX constants).
private struct RepeatableNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 33)
    }
}
