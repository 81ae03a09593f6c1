public import FineTuning
internal import JSON
internal import SQLite

/// What the scheduler does with jobs before they run.
extension JobStore {
    /// The creators who run as many jobs as they may, with how many these are. One parameter: how many run where the
    /// token does not say it.
    private static let busyCreators = """
        SELECT creator, COALESCE(MAX(max_running), ?) AS most FROM jobs LEFT JOIN tokens ON tokens.id = creator
        WHERE state = 'running' AND sweep_json IS NULL
        GROUP BY creator HAVING COUNT(*) >= most
        """

    /// The number of the job whose turn it is: the first of the queue whose creator is not busy. One who is, is passed
    /// over and keeps his place. The parameter is that of ``busyCreators``.
    private static let nextNumber = """
        SELECT number FROM jobs WHERE state = 'queued' AND creator NOT IN (SELECT creator FROM (\(busyCreators)))
        ORDER BY priority DESC, number LIMIT 1
        """

    /// Takes the job whose turn it is and starts its next attempt, in one statement.
    ///
    /// - Returns: the job, now running; nil where none may start.
    public func claim() async throws -> Job? {
        try await database.write { transaction in
            let job = try transaction.connection.first(
                """
                UPDATE jobs
                SET state = 'running', attempt = attempt + 1, intent = NULL, error_json = NULL,
                    journal_attempt = attempt + 1, journal_offset = 0, started_at = COALESCE(started_at, ?)
                WHERE state = 'queued' AND number = (\(Self.nextNumber))
                RETURNING *
                """, transaction.now, transaction.defaultQuota.runningJobs
            ) { try Job(row: $0) }
            guard let job else { return nil }
            let message = job.attempt == 1 ? "Fine-tuning job started" : "Fine-tuning job started again"
            try transaction.append(
                .status, job: job.id, message: message,
                data: [
                    "status": .string(job.state.rawValue), "previous": "queued", "attempt": JSONValue(job.attempt),
                    "error": .null,
                ])
            return job
        }
    }

    /// The job that ``claim()`` would take; nil where none may start.
    public func nextInQueue() async throws -> Job? {
        let most = database.defaultQuota.runningJobs
        return try await database.read { connection in
            try connection.first("SELECT * FROM jobs WHERE number = (\(Self.nextNumber))", most) {
                try Job(row: $0)
            }
        }
    }

    /// The queued jobs that no free slot would help, with how many their creator runs, which is all that he may.
    public func heldBack() async throws -> [(id: String, running: Int)] {
        let most = database.defaultQuota.runningJobs
        return try await database.read { connection in
            try connection.query(
                """
                SELECT id, most FROM jobs JOIN (\(Self.busyCreators)) AS busy ON busy.creator = jobs.creator
                WHERE state = 'queued' AND sweep_json IS NULL ORDER BY number
                """, most
            ) { (try $0["id"], try $0["most"]) }
        }
    }

    /// Moves a job whose files are good to the queue.
    ///
    /// - Parameters:
    ///   - recipe: with all that was resolved from the files.
    ///   - warnings: told as events.
    ///   - estimate: what it is predicted to take.
    ///   - memoryBytes: that its worker needs, where they are many.
    /// - Returns: false where the job is no longer being checked.
    @discardableResult
    public func finishValidation(
        _ id: String, recipe: Recipe, warnings: [String], estimate: Estimate? = nil, memoryBytes: Int? = nil
    ) async throws -> Bool {
        try await database.write { transaction in
            let job = try transaction.job(id)
            guard job.state == .validatingFiles else { return false }
            for warning in warnings {
                try transaction.append(.message, job: id, level: .warn, message: warning)
            }
            var estimate = estimate
            if let sweep = job.sweep {
                let epochs = try Self.epochs(of: id, transaction.connection)
                estimate = estimate?.repeated(sweep, recipe: recipe, epochs: epochs)
            }
            let isQueued = try transaction.apply(
                JobTransition(
                    from: .validatingFiles, to: .queued, attempt: job.attempt,
                    message: "Files validated, moving job to queued state",
                    assignments: [
                        ("recipe_json = ?", recipe.json.text), ("memory_bytes = ?", memoryBytes),
                        ("estimate_json = ?", estimate?.json.text),
                    ]), to: id)
            if let sweep = job.sweep {
                try transaction.beginSweep(job, sweep)
            } else if let parentID = job.parentID, try transaction.job(parentID).isPausing {
                try Self.ask(.pause, of: try transaction.job(id), transaction)
            }
            return isQueued
        }
    }

    /// Ends a job whose files are bad, or that cannot be checked.
    ///
    /// - Returns: false where the job is no longer being checked.
    @discardableResult
    public func failValidation(_ id: String, error: JobError) async throws -> Bool {
        try await database.write { transaction in
            let job = try transaction.job(id)
            guard job.state == .validatingFiles else { return false }
            return try transaction.apply(
                JobTransition(
                    from: .validatingFiles, to: .failed, attempt: job.attempt, message: error.message, level: .error,
                    error: error), to: id)
        }
    }

    /// Adds a word for people to a job's events.
    public func note(_ id: String, level: Event.Level, message: String) async throws {
        try await database.write { transaction in
            _ = try transaction.job(id)
            try transaction.append(.message, job: id, level: level, message: message)
        }
    }
}
