internal import FineTuning
internal import JSON
internal import SQLite

/// The rows of the database as the program reads them, and against one another: SQLite keeps no checksums of its pages,
/// so that its own check sees only what breaks their structure.
extension IntegrityCheck {
    mutating func checkRows(_ connection: Connection) throws {
        try read("jobs", connection) { _ = try Job(row: $0) }
        try read("files", connection) { _ = try StoredFile(row: $0) }
        try read("models", connection) { _ = try FineTunedModel(row: $0) }
        try read("tokens", connection) { _ = try Token(row: $0) }
        try read("sweep_points", connection) { row in
            _ = try row.json("recipe_json", Recipe.init)
            _ = try row.json("parameters_json", \.value)
        }
        try read("events", connection) { _ = try Event(row: $0) }
        let lost = try connection.value("SELECT COALESCE(MAX(seq), 0) - COUNT(*) FROM events", as: Int.self) ?? 0
        if lost != 0 { findInDatabase("events: \(lost) numbers are missing, where none can be left out") }
        try checkMetrics(connection)
        try checkEvaluations(connection)
    }

    private mutating func read(
        _ table: String, _ connection: Connection, _ body: (borrowing Row) throws -> Void
    ) throws {
        for fault in try faults("SELECT * FROM \(table)", connection, body) { findInDatabase("\(table): \(fault)") }
    }

    private func faults(
        _ sql: String, _ connection: Connection, _ body: (borrowing Row) throws -> Void
    ) throws -> [String] {
        var faults: [String] = []
        _ = try connection.query(sql) { row in
            do { try body(row) } catch { faults.append("a row makes no sense: \(error)") }
        }
        return faults
    }

    /// A step's figures stand in their row and in the event that told them.
    private mutating func checkMetrics(_ connection: Connection) throws {
        let sql = "SELECT m.*, e.data_json FROM metrics m LEFT JOIN events e ON e.seq = m.seq"
        let faults = try faults(sql, connection) { row in
            let told = try row.json("data_json", MetricPoint.init)
            guard try MetricPoint(row: row) == told else {
                throw Contradiction(table: "metrics", job: try row["job_id"], step: told.step)
            }
        }
        for fault in faults { findInDatabase("metrics: \(fault)") }
    }

    /// So does an evaluation.
    private mutating func checkEvaluations(_ connection: Connection) throws {
        let sql = "SELECT v.*, e.data_json FROM evaluations v LEFT JOIN events e ON e.seq = v.seq"
        let faults = try faults(sql, connection) { row in
            let (stored, told): (String, String) = (try row["evaluation_json"], try row["data_json"])
            let evaluation = try row.json("evaluation_json", Evaluation.init)
            guard stored == told else {
                throw Contradiction(table: "evaluations", job: try row["job_id"], step: evaluation.step)
            }
        }
        for fault in faults { findInDatabase("evaluations: \(fault)") }
    }

    /// A row that does not say what its event says.
    private struct Contradiction: Error, CustomStringConvertible {
        let table: String
        let job: String
        let step: Int

        var description: String { "step \(step) of the job \(job) is not as its event tells it" }
    }
}
