public import FineTuning
internal import JSON
internal import SQLite

/// Published checkpoints that are on the disk.
public struct CheckpointStore: Sendable {
    let database: Database

    private static let selection = """
        SELECT c.*, m.train_loss AS train_loss, e.evaluation_json AS evaluation_json
        FROM checkpoints c
        LEFT JOIN metrics m ON m.job_id = c.job_id AND m.step = c.step
        LEFT JOIN evaluations e ON e.job_id = c.job_id AND e.step = c.step
        """

    /// A job's checkpoints, newest first.
    ///
    /// - Parameters:
    ///   - after: identifier of the last checkpoint of the page before.
    ///   - limit: how many at most.
    public func page(jobID: String, after: String? = nil, limit: Int) async throws -> Page<Checkpoint> {
        try await database.read { connection in
            var bound = Int.max
            if let after {
                let step = try connection.value(
                    "SELECT step FROM checkpoints WHERE id = ? AND job_id = ?", after, jobID, as: Int.self)
                guard let step else { throw StorageError.notFound(.checkpoint, id: after) }
                bound = step
            }
            let checkpoints = try connection.query(
                Self.selection + " WHERE c.job_id = ? AND c.step < ? ORDER BY c.step DESC LIMIT ?", jobID, bound,
                limit + 1
            ) { try Checkpoint(row: $0) }
            return Page(checkpoints, limit: limit)
        }
    }

    /// The checkpoint of that identifier.
    ///
    /// - Throws: ``StorageError/notFound(_:id:)``, also where it belongs to another job.
    public func checkpoint(_ id: String, jobID: String) async throws -> Checkpoint {
        let checkpoint = try await database.read { connection in
            try connection.first(Self.selection + " WHERE c.id = ? AND c.job_id = ?", id, jobID) {
                try Checkpoint(row: $0)
            }
        }
        guard let checkpoint else { throw StorageError.notFound(.checkpoint, id: id) }
        return checkpoint
    }

    /// The checkpoint of a step; nil where there is none.
    public func checkpoint(jobID: String, step: Int) async throws -> Checkpoint? {
        try await database.read { connection in
            try connection.first(Self.selection + " WHERE c.job_id = ? AND c.step = ?", jobID, step) {
                try Checkpoint(row: $0)
            }
        }
    }

    /// Where a checkpoint's files lie; absolute path.
    public func path(_ checkpoint: Checkpoint) -> String {
        "\(database.directory.jobPath(checkpoint.jobID))/\(checkpoint.directory)"
    }

    /// Stores a checkpoint; one of the same step keeps its identifier and gets the new files.
    static func insert(_ checkpoint: Checkpoint, _ connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO checkpoints (id, job_id, step, created_at, directory, files_json, is_best)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (job_id, step) DO UPDATE SET files_json = excluded.files_json, is_best = excluded.is_best
            """, checkpoint.id, checkpoint.jobID, checkpoint.step, checkpoint.createdAt, checkpoint.directory,
            JSONValue.array(checkpoint.files.map(\.json)).text, checkpoint.isBest)
    }
}

extension Checkpoint {
    /// Reads a row of `checkpoints`, joined with the step's metrics and evaluation.
    init(row: borrowing Row) throws {
        self.init(
            id: try row["id"], jobID: try row["job_id"], step: try row["step"], createdAt: try row["created_at"],
            directory: try row["directory"],
            files: try row.json("files_json") { try $0.list() },
            trainLoss: try row["train_loss"],
            evaluation: try row.optionalJSON("evaluation_json", Evaluation.init), isBest: try row["is_best"])
    }
}
