import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Scheduling
import Storage
import Testing

@Suite("While the server runs", .timeLimit(.minutes(1)))
struct RetentionTests {
    private static let holding: JSONObject = [
        "steps": 10, "incidents": [["attempt": 1, "step": 8, "kind": "hold"]],
    ]

    /// A file whose time is over at `expiry`; seconds since 1970.
    private func addFile(_ fixture: Fixture, expiry: Int) async throws -> String {
        let temporary = fixture.database.directory.temporaryPath()
        try DurableFile.write(Array("old".utf8), to: temporary)
        let file = StoredFile(
            bytes: 3, createdAt: 1_600_000_000, expiresAt: expiry, filename: "old.jsonl", purpose: .fineTune,
            sha256: String(repeating: "0", count: 64))
        try await fixture.database.files.add(file, movingFrom: temporary)
        return file.id
    }

    @Test("expired files go, but none that an unfinished job needs until it is over")
    func expiry() async throws {
        try await Fixture.run(configure: { $0.expiryInterval = .milliseconds(10) }) { fixture in
            let job = try await fixture.submit(Self.holding)
            try await fixture.waitForStep(7, of: job)
            // A second job, which waits, with a validation file whose time is over in the same second.
            let expiry = Int(Date().timeIntervalSince1970) + 4
            let needed = try await addFile(fixture, expiry: expiry)
            let training = try await fixture.database.jobs.job(job).trainingFile
            let waiting = try await fixture.database.jobs.create(
                Job(
                    createdAt: 1_700_000_000, recipe: Recipe(model: "tiny", seed: 1), trainingFile: training,
                    validationFile: needed))
            let unused = try await addFile(fixture, expiry: expiry)
            _ = try await fixture.notices.first { $0.message == "deleted 1 expired files" }
            let files = fixture.database.files
            await #expect(throws: StorageError.notFound(.file, id: unused)) { try await files.file(unused) }
            #expect(!FileManager.default.fileExists(atPath: files.path(unused)))
            #expect(try await files.file(needed).id == needed)

            _ = try await fixture.scheduler.cancel(waiting.id)
            while FileManager.default.fileExists(atPath: files.path(needed)) {
                try await Task.sleep(for: .milliseconds(10))
            }
            try fixture.letGo(job)
            #expect(try await fixture.wait(job, for: .succeeded).state == .succeeded)
        }
    }

    @Test("what old runs left goes, and their models stay")
    func runs() async throws {
        let configure = { (configuration: inout SchedulerConfiguration) in
            configuration.expiryInterval = .milliseconds(10)
            configuration.keptRuns = 1
        }
        try await Fixture.run(configure: configure) { fixture in
            var jobs: [Job] = []
            for _ in 0..<2 {
                let id = try await fixture.submit(["steps": 10])
                jobs.append(try await fixture.wait(id, for: .succeeded))
            }
            let (old, new) = (fixture.runDirectory(jobs[0].id), fixture.runDirectory(jobs[1].id))
            while FileManager.default.fileExists(atPath: old.journalPath) {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(FileManager.default.fileExists(atPath: new.journalPath))
            let model = try await fixture.database.models.directory(#require(jobs[0].fineTunedModel))
            #expect(FileManager.default.fileExists(atPath: model))
            let left = try await fixture.database.checkpoints.page(jobID: jobs[0].id, limit: 9).elements
            #expect(left.map { fixture.database.checkpoints.path($0) } == [model])
        }
    }
}
