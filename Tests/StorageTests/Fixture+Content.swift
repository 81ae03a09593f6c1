import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Storage

/// Content as workers leave it.
extension Fixture {
    /// A checkpoint on the disk as a worker publishes it, taken in from the journal of a running job.
    func publish(
        _ step: Int, of job: Job, _ database: Database, from offset: Int = 0, removing removed: [Int] = [],
        best: Bool = true
    ) async throws {
        let name = PublishedCheckpoint.name(step: step)
        let directory = "\(database.directory.checkpointsPath(job.id))/\(name)"
        try FileManager.default.createDirectory(atPath: "\(directory)/1_Pooling", withIntermediateDirectories: true)
        let published = ["config.json", "model.safetensors", "1_Pooling/config.json"]
        for (place, file) in (published + ["optimizer.safetensors"]).enumerated() {
            let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ step &* 7 &+ place) }
            try DurableFile.write(bytes, to: "\(directory)/\(file)")
        }
        let list = try ChecksumList(of: published + ["optimizer.safetensors"], in: directory)
        try DurableFile.write(Array(list.json.prettyText.utf8), to: "\(directory)/\(ChecksumList.fileName)")
        let told = PublishedCheckpoint(
            step: step, name: name, files: list.files.filter { published.contains($0.name) }, isBest: best,
            removed: removed.map { PublishedCheckpoint.name(step: $0) })
        try await database.jobs.ingest(
            journal(.checkpoint(told)), jobID: job.id, attempt: job.attempt, from: offset, to: offset + 100)
    }

    /// A job that succeeded with checkpoints, its model being the last of them.
    func succeededJob(_ database: Database, checkpoints steps: [Int] = [5, 10]) async throws -> Job {
        let job = try await runningJob(database)
        for (number, step) in steps.enumerated() {
            try await publish(step, of: job, database, from: 100 * number)
        }
        let attempt = database.directory.attemptPath(job.id, attempt: job.attempt)
        try FileManager.default.createDirectory(atPath: attempt, withIntermediateDirectories: true)
        for name in ["ledger.jsonl", "journal.jsonl", "log.txt"] {
            try DurableFile.write(Array("{}\n".utf8), to: "\(attempt)/\(name)")
        }
        let ledger = try database.files.take(
            copyOf: "\(attempt)/ledger.jsonl", filename: "ledger.jsonl", createdAt: now)
        let step = steps.last ?? 0
        let model = FineTunedModel(
            name: job.modelName(organization: "local"), jobID: job.id, parent: "m", createdAt: now,
            directory: "runs/\(job.id)/checkpoints/\(PublishedCheckpoint.name(step: step))", task: .textClassification,
            labels: ["a", "b"])
        let success = AttemptOutcome.Success(
            model: model, resultFiles: [ledger], trainedTokens: 100, hasLedger: true)
        _ = try await database.jobs.settle(job.id, attempt: job.attempt, outcome: .succeeded(success))
        return try await database.jobs.job(job.id)
    }

    /// All files of the data directory but the database's, by path relative to it.
    func contents() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                && !isFolder.boolValue && !name.hasPrefix("finetuned.sqlite") && name != "lock"
        }.sorted()
    }
}

/// Changes bits of one byte of a file, and changes them back.
func withDamage<Result>(
    at offset: Int, of path: String, bits: UInt8 = 1, _ body: () throws -> Result
) throws -> Result {
    let file = try FileDescriptor.open(path, O_RDWR)
    let byte = try file.read(at: offset, upTo: 1)
    let change = { (byte: UInt8) throws(SystemCallError) in
        _ = lseek(file.raw, off_t(offset), SEEK_SET)
        try file.write(all: [byte])
    }
    try change(byte[0] ^ bits)
    defer { try? change(byte[0]) }
    return try body()
}
