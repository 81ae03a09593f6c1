import FineTuning
import Foundation
import RunDirectory
import Storage
import Synchronization

/// A data directory of one test, removed with it, and a clock that the test sets.
final class Fixture: Sendable {
    let path: String
    private let clock = Mutex(1_700_000_000)

    /// The seconds of the test's clock.
    var now: Int { clock.withLock { $0 } }

    /// Puts the test's clock forward.
    func advance(seconds: Int) { clock.withLock { $0 += seconds } }

    init() throws {
        path = NSTemporaryDirectory() + "storage-tests-\(UUID().uuidString)"
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static let migrations = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("migrations").path

    func open(migrations: String = Fixture.migrations, quota: Quota = Quota()) async throws -> Database {
        try await Database(
            directory: DataDirectory(path: path), migrations: migrations, defaultQuota: quota
        ) { [self] in now }
    }

    /// Stores a small file.
    @discardableResult
    func addFile(
        _ database: Database, purpose: StoredFile.Purpose = .fineTune, expiresAt: Int? = nil,
        by principal: Principal? = nil
    ) async throws -> StoredFile {
        let temporary = database.directory.temporaryPath()
        try Data("hello".utf8).write(to: URL(fileURLWithPath: temporary))
        let file = StoredFile(
            bytes: 5, createdAt: now, expiresAt: expiresAt, filename: "a.jsonl", purpose: purpose,
            // printf hello | sha256sum
            sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
        try await database.files.add(file, movingFrom: temporary, by: principal)
        return file
    }

    /// A job whose training file is there, not yet stored.
    func makeJob(
        _ database: Database, priority: Int = 0, metadata: [String: String] = [:], file: StoredFile? = nil
    ) async throws -> Job {
        let file = if let file { file } else { try await addFile(database) }
        var recipe = Recipe(model: "m", seed: 1)
        recipe.resources.priority = priority
        return Job(
            createdAt: now, recipe: recipe, trainingFile: file.id, suffix: "s", metadata: metadata)
    }

    /// A job that waits in the queue.
    func queuedJob(_ database: Database, priority: Int = 0, by principal: Principal? = nil) async throws -> Job {
        let job = try await database.jobs.create(makeJob(database, priority: priority), by: principal)
        try await database.jobs.finishValidation(job.id, recipe: job.recipe, warnings: [])
        return try await database.jobs.job(job.id)
    }

    /// The job, running in its next attempt.
    func runningJob(_ database: Database) async throws -> Job {
        _ = try await queuedJob(database)
        guard let job = try await database.jobs.claim() else { throw Missing() }
        return job
    }

    struct Missing: Error {}
}

/// Lines of a journal.
func journal(_ contents: JournalEntry.Content...) -> [JournalEntry] {
    contents.enumerated().map { JournalEntry(sequence: $0 + 1, time: 1_700_000_001.5, content: $1) }
}

func point(_ step: Int, of total: Int = 10, loss: Double? = nil) -> JournalEntry.Content {
    .metrics(
        MetricPoint(
            step: step, totalSteps: total, epoch: Double(step) / 10, trainLoss: loss ?? 1 / Double(step),
            trainAccuracy: 0.5, learningRate: 1e-5, gradientNorm: 1, samplesPerSecond: 20, tokens: step * 100))
}

func evaluation(_ step: Int, loss: Double, labels: [String] = ["a", "b"]) -> JournalEntry.Content {
    var matrix = ConfusionMatrix(labels: labels)
    matrix.add(truth: 0, answer: 0)
    matrix.add(truth: 1, answer: 0)
    return .evaluation(Evaluation(step: step, epoch: 1, validLoss: loss, confusion: matrix))
}

func checkpoint(_ step: Int, best: Bool = false, removed: [Int] = []) -> JournalEntry.Content {
    .checkpoint(
        PublishedCheckpoint(
            step: step, name: PublishedCheckpoint.name(step: step),
            files: [CheckpointFile(name: "model.safetensors", bytes: 9, sha256: "abc")], isBest: best,
            removed: removed.map { PublishedCheckpoint.name(step: $0) }))
}
