public import FineTuning
internal import SQLite

/// What is to be delivered to the receiver of webhooks, and up to which event of jobs it was noted.
public struct WebhookStore: Sendable {
    let database: Database

    /// Deliveries that are taken at once.
    private static let batch = 100

    /// Begins to note events, or goes on with it.
    ///
    /// - Parameter sequence: the last event before, where nothing was noted so far.
    /// - Returns: the last event that is noted.
    public func begin(at sequence: Int) async throws -> Int {
        try await database.write { transaction in
            try transaction.connection.run(
                "INSERT OR IGNORE INTO webhook_progress (id, event_seq) VALUES (1, ?)", sequence)
            return try transaction.connection.value("SELECT event_seq FROM webhook_progress") ?? sequence
        }
    }

    /// Forgets everything: nobody is told any more.
    public func end() async throws {
        try await database.write { transaction in
            try transaction.connection.run("DELETE FROM webhook_progress")
            try transaction.connection.run("DELETE FROM webhook_deliveries")
        }
    }

    /// Notes the ends of jobs, each once however often it is given. Trials of a sweep are left out: it ends itself.
    public func enqueue(_ events: [Event]) async throws {
        try await database.write { transaction in
            let connection = transaction.connection
            let noted = try connection.value("SELECT event_seq FROM webhook_progress", as: Int.self) ?? 0
            for event in events where event.sequence > noted {
                guard let state = event.state, state.isTerminal else { continue }
                let sweep = try connection.value(
                    "SELECT parent_id FROM jobs WHERE id = ?", event.jobID, as: String?.self)
                guard (sweep ?? nil) == nil else { continue }
                try connection.run(
                    """
                    INSERT INTO webhook_deliveries (id, job_id, state, created_at, attempts, next_attempt_at)
                    VALUES (?, ?, ?, ?, 0, ?)
                    """, Identifier.make(prefix: "evt_"), event.jobID, state.rawValue, event.createdAt, transaction.now)
            }
            if let last = events.last {
                try connection.run(
                    "UPDATE webhook_progress SET event_seq = ? WHERE event_seq < ?", last.sequence, last.sequence)
            }
        }
    }

    /// Deliveries that are to be tried now, those that wait longest first.
    public func due(at time: Int) async throws -> [WebhookDelivery] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT * FROM webhook_deliveries WHERE next_attempt_at <= ? ORDER BY next_attempt_at, created_at LIMIT ?
                """, time, Self.batch
            ) { row in
                WebhookDelivery(
                    id: try row["id"], jobID: try row["job_id"], state: try row.choice("state"),
                    createdAt: try row["created_at"], attempts: try row["attempts"])
            }
        }
    }

    /// When the next delivery is to be tried, in seconds since 1970; nil where none waits.
    public func nextAttempt() async throws -> Int? {
        try await database.read {
            try $0.value("SELECT MIN(next_attempt_at) FROM webhook_deliveries", as: Int?.self) ?? nil
        }
    }

    /// Notes that an attempt failed, and when the next is to be.
    public func postpone(_ id: String, until time: Int) async throws {
        try await database.write { transaction in
            _ = try transaction.connection.run(
                "UPDATE webhook_deliveries SET attempts = attempts + 1, next_attempt_at = ? WHERE id = ?", time, id)
        }
    }

    /// Notes that there is nothing more to do for a delivery.
    public func finish(_ id: String) async throws {
        try await database.write { transaction in
            _ = try transaction.connection.run("DELETE FROM webhook_deliveries WHERE id = ?", id)
        }
    }
}
