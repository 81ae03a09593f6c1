internal import FineTuning
internal import JSON
internal import SQLite

/// What a database says that its data directory holds. Of a schema at any level, as it asks only for what the first
/// one had.
struct Inventory {
    /// A checkpoint and what is recorded of it.
    struct StoredCheckpoint: Hashable {
        let id: String
        let jobID: String
        /// Its directory, relative to the data directory.
        let path: String
        /// The published files.
        let files: [CheckpointFile]
    }

    /// A ledger of losses.
    struct StoredLedger: Hashable {
        /// Its directory, relative to the data directory.
        let directory: String
        /// The result file that is a copy of it, where that is still there.
        let copy: CheckpointFile?
    }

    /// The jobs' states.
    private(set) var jobs: [String: JobState] = [:]
    /// The content of uploaded files and results, named by their identifiers.
    private(set) var files: [CheckpointFile] = []
    /// The checkpoints.
    private(set) var checkpoints: [StoredCheckpoint] = []
    /// The directories of fine-tuned models, relative to the data directory.
    private(set) var models: [String] = []
    /// The ledgers of finished runs.
    private(set) var ledgers: [StoredLedger] = []
    /// Rows that make no sense.
    private(set) var faults: [String] = []

    /// Reads it; within a transaction, so that all is of one moment.
    ///
    /// - Throws: `SQLiteError` where the file cannot be read.
    init(_ connection: Connection) throws {
        let jobs = try rows(connection, "SELECT id, state FROM jobs") { row in
            (id: try row[0] as String, state: try row.choice("state") as JobState)
        }
        self.jobs = Dictionary(jobs.map { ($0.id, $0.state) }) { first, _ in first }
        files = try rows(connection, "SELECT id, bytes, sha256 FROM files ORDER BY number") { row in
            CheckpointFile(name: try row[0], bytes: try row[1], sha256: try row[2])
        }
        checkpoints = try rows(connection, "SELECT * FROM checkpoints ORDER BY job_id, step", Self.checkpoint)
        models = try rows(connection, "SELECT directory FROM models ORDER BY number") { try $0[0] }
        ledgers = try ledgers(connection)
    }

    private mutating func ledgers(_ connection: Connection) throws -> [StoredLedger] {
        let isKnown = try connection.value(
            "SELECT COUNT(*) FROM pragma_table_info('jobs') WHERE name = 'has_ledger'", as: Int.self)
        guard isKnown == 1 else { return [] }
        return try rows(
            connection,
            """
            SELECT j.id, j.attempt, f.bytes, f.sha256 FROM jobs j LEFT JOIN files f
                ON f.filename = 'ledger.jsonl' AND f.id IN (SELECT value FROM json_each(j.result_files_json))
            WHERE j.has_ledger = 1
            """
        ) { row in
            let (bytes, sha256): (Int?, String?) = (try row[2], try row[3])
            var copy: CheckpointFile?
            if let bytes, let sha256 { copy = CheckpointFile(name: "ledger.jsonl", bytes: bytes, sha256: sha256) }
            return StoredLedger(directory: "runs/\(try row[0] as String)/attempt-\(try row[1] as Int)", copy: copy)
        }
    }

    /// Reads a row of `checkpoints`.
    static func checkpoint(_ row: borrowing Row) throws -> StoredCheckpoint {
        let jobID: String = try row["job_id"]
        return StoredCheckpoint(
            id: try row["id"], jobID: jobID, path: "runs/\(jobID)/\(try row["directory"] as String)",
            files: try row.json("files_json") { try $0.list() })
    }

    /// The rows of a query; those that make no sense are noted and left out.
    private mutating func rows<Element>(
        _ connection: Connection, _ sql: String, _ read: (borrowing Row) throws -> Element
    ) throws -> [Element] {
        var faults: [String] = []
        let elements = try connection.query(sql) { row -> Element? in
            do { return try read(row) } catch {
                faults.append("a row makes no sense: \(error)")
                return nil
            }
        }
        self.faults += faults
        return elements.compactMap { $0 }
    }
}
