import FineTuning
import Foundation
import SQLite
import Storage
import Testing

@Suite("The data directory and its database")
struct DatabaseTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test("is laid out for its owner alone")
    func layout() async throws {
        let database = try await fixture.open()
        for name in ["", "/files", "/models", "/runs", "/tmp"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path + name)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
        for name in ["finetuned.sqlite", "finetuned.sqlite-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(fixture.path)/\(name)")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        #expect(try database.directory.freeBytes() > 0)
    }

    @Test("is not opened where its log is damaged before the last commit, which SQLite would drop all that follows for")
    func damagedLog() async throws {
        let database = try await fixture.open()
        for _ in 0..<5 { _ = try await fixture.queuedJob(database) }
        // As a killed server leaves it.
        let left = try Fixture()
        try FileManager.default.copyItem(atPath: fixture.path, toPath: left.path)
        let log = URL(filePath: "\(left.path)/finetuned.sqlite-wal")
        let sound = try Data(contentsOf: log)
        for place in [0, sound.count / 2] {
            var damaged = sound
            damaged[place] ^= 1
            try damaged.write(to: log)
            let error = await #expect(throws: StorageError.self) { try await left.open() }
            #expect(error?.description.contains("the write-ahead log is damaged") == true || place == 0)
            #expect(error?.description.hasSuffix("restore a backup") == true)
            #expect(try Data(contentsOf: log) == damaged)
        }
        // What a power cut leaves of the last commit.
        var cut = sound
        cut[sound.count - 1] ^= 1
        try cut.write(to: log)
        #expect(try await left.open().jobs.queuePositions().count >= 4)
    }

    @Test(
        "tells of a row that makes no sense as a fault of its own, not of whoever asks",
        arguments: [
            "recipe_json = replace(recipe_json, 'max_grad_norm', 'max_grand_norm')", "result_files_json = '[1]'",
            "error_json = '{'", "metadata_json = 'x'", "state = 'lost'",
        ])
    func senselessRow(change: String) async throws {
        let database = try await fixture.open()
        let job = try await fixture.queuedJob(database)
        let connection = try Connection(path: "\(fixture.path)/finetuned.sqlite")
        try connection.execute("PRAGMA ignore_check_constraints = ON; UPDATE jobs SET \(change)")
        await #expect(throws: SQLiteError.self) { try await database.jobs.job(job.id) }
    }

    @Test("is kept from a second daemon and open to a tool beside it")
    func locked() async throws {
        let database = try await fixture.open()
        #expect(throws: StorageError.locked(path: fixture.path)) { try DataDirectory(path: fixture.path) }
        let tool = try await Database(
            directory: DataDirectory(path: fixture.path, exclusive: false), migrations: Fixture.migrations)
        let secret = try await tool.tokens.create(name: "cli", scopes: [.read]).secret
        #expect(try await database.tokens.verify(secret)?.name == "cli")
    }

    @Test("may have its pretrained models elsewhere")
    func modelsElsewhere() throws {
        let models = fixture.path + "/shared/models"
        try DataDirectory.createDirectory(models + "/org/name")
        try Data("{}".utf8).write(to: URL(fileURLWithPath: models + "/org/name/config.json"))
        let directory = try DataDirectory(path: fixture.path + "/data", models: models + "/")
        #expect(directory.modelsPath == models)
        #expect(try directory.baseModels().map(\.name) == ["org/name"])
        #expect(try directory.baseModel("org/name")?.directory == models + "/org/name")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/models"))
    }

    @Test("says why it cannot be used")
    func unusable() throws {
        let file = fixture.path + "/file"
        try DataDirectory.createDirectory(fixture.path)
        try Data().write(to: URL(fileURLWithPath: file))
        #expect(throws: StorageError.unusableDirectory(path: file, reason: "File exists")) {
            try DataDirectory(path: file)
        }
        #expect(throws: StorageError.unusableDirectory(path: file + "/data", reason: "Not a directory")) {
            try DataDirectory(path: file + "/data")
        }
    }

    @Test("is cleared of leftovers at the next start, and of nothing else")
    func leftovers() async throws {
        var kept = ""
        do {
            let database = try await fixture.open()
            kept = try await fixture.addFile(database).id
        }
        let manager = FileManager.default
        try Data().write(to: URL(fileURLWithPath: fixture.path + "/tmp/half"))
        try Data().write(to: URL(fileURLWithPath: fixture.path + "/files/file-unknown"))
        try Data().write(to: URL(fileURLWithPath: fixture.path + "/models/mine"))
        _ = try await fixture.open()
        #expect(try manager.contentsOfDirectory(atPath: fixture.path + "/tmp") == [])
        #expect(try manager.contentsOfDirectory(atPath: fixture.path + "/files") == [kept])
        #expect(try manager.contentsOfDirectory(atPath: fixture.path + "/models") == ["mine"])
    }

    @Test("refuses a migration that was changed after it had been applied")
    func changedMigration() async throws {
        _ = try await fixture.open()
        let changed = fixture.path + "/changed"
        try FileManager.default.copyItem(atPath: Fixture.migrations, toPath: changed)
        let file = URL(fileURLWithPath: changed + "/0001_initial.sql")
        try (String(contentsOf: file, encoding: .utf8) + "\n").write(to: file, atomically: true, encoding: .utf8)
        await #expect(throws: MigrationError.changed(name: "0001_initial.sql")) {
            try await fixture.open(migrations: changed)
        }
    }

    @Test("refuses a database of a newer version")
    func newer() async throws {
        let more = fixture.path + "-more"
        defer { try? FileManager.default.removeItem(atPath: more) }
        try FileManager.default.copyItem(atPath: Fixture.migrations, toPath: more)
        try "CREATE TABLE later (x INTEGER) STRICT;".write(
            toFile: more + "/0999_later.sql", atomically: true, encoding: .utf8)
        await #expect(throws: MigrationError.self) { try await fixture.open(migrations: more) }
        let names = try FileManager.default.contentsOfDirectory(atPath: Fixture.migrations).filter {
            $0.hasSuffix(".sql")
        }
        let next = String(format: "%04d_later.sql", names.count + 1)
        try FileManager.default.moveItem(atPath: more + "/0999_later.sql", toPath: "\(more)/\(next)")
        _ = try await fixture.open(migrations: more)
        await #expect(throws: MigrationError.newerDatabase(names: [next])) { try await fixture.open() }
    }

    @Test("refuses a database that is damaged")
    func damaged() async throws {
        do {
            let database = try await fixture.open()
            for _ in 0..<20 { _ = try await fixture.queuedJob(database) }
        }
        try Connection(path: fixture.path + "/finetuned.sqlite").execute("PRAGMA wal_checkpoint(TRUNCATE)")
        let url = URL(fileURLWithPath: fixture.path + "/finetuned.sqlite")
        var bytes = try Data(contentsOf: url)
        for page in 1..<(bytes.count / 4096) {
            for position in 0..<16 { bytes[page * 4096 + position] ^= 0x7F }
        }
        try bytes.write(to: url)
        await #expect(throws: (any Error).self) { try await fixture.open() }
    }

    @Test("lists pretrained models one and two levels deep and follows no name out of its directory")
    func baseModels() async throws {
        let database = try await fixture.open()
        for name in ["a", "org/b", ".hidden", "org/deep/c"] {
            let directory = "\(fixture.path)/models/\(name)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data("{}".utf8).write(to: URL(fileURLWithPath: directory + "/config.json"))
        }
        #expect(try database.models.base().map(\.name) == ["a", "org/b"])
        #expect(try await database.models.directory("org/b") == "\(fixture.path)/models/org/b")
        for name in ["../models/a", "a/..", ".", "", "/a", "a/", ".hidden", "org/deep/c", "a\0"] {
            #expect(try database.models.base(name) == nil)
            await #expect(throws: StorageError.notFound(.model, id: name)) {
                try await database.models.directory(name)
            }
        }
    }
}
