import FineTuning
import Foundation
import Storage
import Testing

@Suite("Files")
struct FileStoreTests {
    let fixture: Fixture
    let database: Database
    var files: FileStore { database.files }

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
    }

    @Test("are moved under their identifier and found again")
    func stored() async throws {
        let file = try await fixture.addFile(database)
        #expect(try await files.file(file.id) == file)
        #expect(FileManager.default.contents(atPath: files.path(file.id)) == Data("hello".utf8))
        #expect(try await files.totalBytes() == 5)
    }

    @Test("are copied with their digest, and a copy that fails leaves nothing behind")
    func copies() async throws {
        let source = files.path(try await fixture.addFile(database).id)
        let copy = try files.take(copyOf: source, filename: "copy", createdAt: 1)
        #expect(copy.bytes == 5)
        // printf hello | sha256sum
        #expect(copy.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
        #expect(FileManager.default.contents(atPath: files.path(copy.id)) == Data("hello".utf8))
        #expect(throws: (any Error).self) { try files.take(copyOf: fixture.path, filename: "folder", createdAt: 1) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.path)/tmp") == [])
    }

    @Test("are paged both ways and by purpose")
    func pages() async throws {
        var ids: [String] = []
        for number in 0..<4 {
            ids.append(
                try await fixture.addFile(database, purpose: number == 3 ? .fineTuneResults : .fineTune).id)
        }
        #expect(try await files.page(limit: 9).elements.map(\.id) == ids.reversed())
        #expect(
            try await files.page(after: ids[0], limit: 2, order: .ascending).elements.map(\.id) == [ids[1], ids[2]])
        #expect(try await files.page(limit: 9, purpose: .fineTuneResults).elements.map(\.id) == [ids[3]])
    }

    @Test("stay while an unfinished job needs them, and go once it is over")
    func deletion() async throws {
        let file = try await fixture.addFile(database)
        let job = try await database.jobs.create(fixture.makeJob(database, file: file))
        await #expect(throws: StorageError.fileInUse(id: file.id, jobID: job.id)) { try await files.delete(file.id) }
        #expect(FileManager.default.fileExists(atPath: files.path(file.id)))
        _ = try await database.jobs.requestCancel(job.id)
        try await files.delete(file.id)
        #expect(!FileManager.default.fileExists(atPath: files.path(file.id)))
        await #expect(throws: StorageError.notFound(.file, id: file.id)) { try await files.delete(file.id) }
        #expect(try await database.jobs.job(job.id).trainingFile == file.id)
    }

    @Test("go when their time is over, unless a job needs them")
    func expiry() async throws {
        let now = fixture.now
        let used = try await fixture.addFile(database, expiresAt: now + 10)
        let unused = try await fixture.addFile(database, expiresAt: now + 10)
        let lasting = try await fixture.addFile(database)
        _ = try await database.jobs.create(fixture.makeJob(database, file: used))
        #expect(try await files.deleteExpired() == [])
        fixture.advance(seconds: 10)
        #expect(try await files.deleteExpired() == [unused.id])
        #expect(try await Set(files.page(limit: 9).elements.map(\.id)) == [used.id, lasting.id])
    }

    @Test("go when their time is over although the content of one of them is gone already")
    func expiryWithoutContent() async throws {
        let gone = try await fixture.addFile(database, expiresAt: fixture.now)
        let other = try await fixture.addFile(database, expiresAt: fixture.now)
        try FileManager.default.removeItem(atPath: files.path(gone.id))
        #expect(try await Set(files.deleteExpired()) == [gone.id, other.id])
        #expect(!FileManager.default.fileExists(atPath: files.path(other.id)))
    }
}
