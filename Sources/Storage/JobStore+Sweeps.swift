public import FineTuning
internal import JSON
internal import SQLite

/// Sweeps and their trials.
extension JobStore {
    /// The trials of a sweep, in the order of rungs and settings; empty before its files are checked.
    public func trials(_ parentID: String) async throws -> [Trial] {
        try await database.read { try SweepTrials.read(parentID, $0) }
    }

    /// The sweep's trials that run, to be told what was asked of it.
    public func runningTrials(_ parentID: String) async throws -> [Job] {
        try await database.read { connection in
            try connection.query("SELECT * FROM jobs WHERE parent_id = ? AND state = 'running'", parentID) {
                try Job(row: $0)
            }
        }
    }

    static func insert(_ points: [SweepPoint], of parent: Job, _ connection: Connection) throws(SQLiteError) {
        for (number, point) in points.enumerated() {
            try connection.run(
                "INSERT INTO sweep_points (parent_id, number, parameters_json, recipe_json) VALUES (?, ?, ?, ?)",
                parent.id, number, JSONValue.object(point.parameters).text, point.recipe.json.text)
        }
    }

    /// The epochs of each setting of a sweep.
    static func epochs(of parentID: String, _ connection: Connection) throws -> [Int] {
        try connection.query(
            """
            SELECT json_extract(recipe_json, '$.hyperparameters.n_epochs') FROM sweep_points WHERE parent_id = ?
            ORDER BY number
            """, parentID
        ) { row -> Int in try row[0] }
    }

    /// Passes a wish on to a running sweep's trials; the sweep itself follows when they are at rest.
    static func pass(_ intent: JobIntent, to parent: Job, _ transaction: WriteTransaction) throws {
        for trial in try SweepTrials.read(parent.id, transaction.connection) where !trial.state.isTerminal {
            let child = try transaction.job(trial.jobID)
            let idle: Set<JobState> = intent == .cancel ? [.validatingFiles, .queued, .paused] : [.queued]
            if child.state == .running || idle.contains(child.state) {
                try ask(intent, of: child, transaction)
            }
        }
        try transaction.advanceSweep(parent.id)
    }

    /// Puts a paused sweep's trials back in the queue.
    static func resumeTrials(of parent: Job, _ transaction: WriteTransaction) throws {
        try transaction.apply(
            JobTransition(from: .queued, to: .running, attempt: parent.attempt, message: "Sweep goes on"),
            to: parent.id)
        for trial in try SweepTrials.read(parent.id, transaction.connection) where trial.state == .paused {
            try resume(try transaction.job(trial.jobID), transaction)
        }
        // Everything may have ended meanwhile, or only the next rung be due.
        try transaction.advanceSweep(parent.id)
    }
}
