internal import FineTuning
internal import Foundation
internal import RunDirectory
internal import SQLite

/// Removes what finished jobs leave behind and nobody needs any more, all but their models and results.
public struct RunRetention: Sendable {
    private let database: Database

    /// What was removed.
    public struct Pruned: Sendable {
        /// The job.
        public let jobID: String
        /// The checkpoints' directories that are gone; absolute paths.
        public let checkpoints: [String]
        /// Whether nothing is left that may be removed later: a model that is deleted, or a start of a job that ends.
        public let isDone: Bool
    }

    /// The retention of a database's runs.
    public init(database: Database) { self.database = database }

    /// A finished job that is not among the newest ones.
    fileprivate struct Candidate: Sendable {
        let jobID: String
        let attempt: Int
        let hasLedger: Bool
        /// Directories of checkpoints that stay, relative to the job's directory.
        let kept: Set<String>
    }

    /// Removes checkpoints, attempts and leftovers of all finished jobs but the newest.
    ///
    /// What stays: the checkpoint that is a model; one that an unfinished job or sweep starts from; ledgers; trials of
    /// an unfinished sweep, and all of a job whose worker still lives. Rows go before the files that they name, and a stop
    /// in between is made up for by the next call.
    /// - Parameters:
    ///   - keep: how many of the jobs that finished last keep everything; each trial of a sweep counts.
    ///   - done: jobs that need no look.
    public func prune(keep: Int, done: Set<String>) async throws -> [Pruned] {
        let candidates = try await database.write { transaction in
            let candidates = try Self.candidates(keep: keep, transaction.connection).filter { !done.contains($0.jobID) }
            try Self.forget(candidates, transaction.connection)
            return candidates
        }
        return try candidates.compactMap { candidate in
            let checkpoints = database.directory.checkpointsPath(candidate.jobID)
            if try WorkerLock.isHeld(checkpointsDirectory: checkpoints) { return nil }
            return try removeContent(candidate)
        }
    }

    private static func candidates(keep: Int, _ connection: Connection) throws -> [Candidate] {
        let starts = try starts(connection)
        let models = try connection.query("SELECT job_id, directory FROM models") { row in
            (jobID: try row[0] as String, directory: try row[1] as String)
        }
        let places = Dictionary(models.map { ($0.jobID, $0.directory) }) { first, _ in first }
        return try connection.query(
            """
            SELECT id, attempt, has_ledger FROM jobs
            WHERE finished_at IS NOT NULL AND sweep_json IS NULL
                AND (parent_id IS NULL OR parent_id IN (SELECT id FROM jobs WHERE finished_at IS NOT NULL))
            ORDER BY finished_at DESC, number DESC LIMIT -1 OFFSET ?
            """, keep
        ) { row in
            let id: String = try row[0]
            let needed = starts.filter { id.hasSuffix($0.job) }.map(\.directory)
            let model = places[id].map { String($0.dropFirst("runs/\(id)/".count)) }
            return Candidate(
                jobID: id, attempt: try row[1], hasLedger: try row[2], kept: Set(needed + [model].compactMap { $0 }))
        }
    }

    /// The checkpoints (`ft:…:<end of the job's identifier>:ckpt-step-<step>`) that unfinished jobs start from.
    private static func starts(_ connection: Connection) throws -> [(job: String, directory: String)] {
        let names = try connection.query(
            """
            SELECT DISTINCT model FROM (
                SELECT json_extract(recipe_json, '$.model') AS model FROM jobs WHERE finished_at IS NULL
                UNION ALL
                SELECT json_extract(recipe_json, '$.model') FROM sweep_points
                WHERE parent_id IN (SELECT id FROM jobs WHERE finished_at IS NULL)
            ) WHERE model LIKE '%:ckpt-step-%'
            """
        ) { row -> String in try row[0] }
        return names.compactMap { name in
            let parts = name.split(separator: ":")
            guard parts.count > 1, let step = Int(parts[parts.count - 1].dropFirst("ckpt-step-".count)) else {
                return nil
            }
            return (String(parts[parts.count - 2]), "checkpoints/\(PublishedCheckpoint.name(step: step))")
        }
    }

    private static func forget(_ candidates: [Candidate], _ connection: Connection) throws {
        let kept = Dictionary(candidates.map { ($0.jobID, $0.kept) }) { first, _ in first }
        let superfluous = try connection.query("SELECT id, job_id, directory FROM checkpoints") { row -> String? in
            guard let kept = kept[try row[1]], !kept.contains(try row[2]) else { return nil }
            return try row[0]
        }
        for id in superfluous.compactMap({ $0 }) { try connection.run("DELETE FROM checkpoints WHERE id = ?", id) }
    }

    private func removeContent(_ candidate: Candidate) throws -> Pruned? {
        let manager = FileManager.default
        let job = database.directory.jobPath(candidate.jobID)
        guard manager.fileExists(atPath: job) else { return Pruned(candidate, []) }
        var removed: [String] = []
        for name in try DataDirectory.names(in: "\(job)/checkpoints")
        where !candidate.kept.contains("checkpoints/\(name)") {
            // Renamed first, as workers do: who copies it meanwhile sees that it is no longer whole.
            let grave = database.directory.temporaryPath()
            try manager.moveItem(atPath: "\(job)/checkpoints/\(name)", toPath: grave)
            try manager.removeItem(atPath: grave)
            removed.append("\(job)/checkpoints/\(name)")
        }
        for attempt in try manager.contentsOfDirectory(atPath: job) where attempt.hasPrefix("attempt-") {
            guard candidate.hasLedger, attempt == "attempt-\(candidate.attempt)" else {
                try manager.removeItem(atPath: "\(job)/\(attempt)")
                continue
            }
            for name in try DataDirectory.names(in: "\(job)/\(attempt)") where name != "ledger.jsonl" {
                try manager.removeItem(atPath: "\(job)/\(attempt)/\(name)")
            }
        }
        if candidate.kept.isEmpty, !candidate.hasLedger { try manager.removeItem(atPath: job) }
        return Pruned(candidate, removed)
    }
}

extension RunRetention.Pruned {
    fileprivate init(_ candidate: RunRetention.Candidate, _ checkpoints: [String]) {
        self.init(jobID: candidate.jobID, checkpoints: checkpoints, isDone: candidate.kept.isEmpty)
    }
}
