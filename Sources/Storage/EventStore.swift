public import FineTuning
internal import JSON
internal import SQLite

/// What happened to jobs, in one order over all of them.
public struct EventStore: Sendable {
    let database: Database

    static let identifiers = NumberedIdentifier(prefix: "ftevent-")

    /// The sequence number that an event's identifier tells; nil where it is none.
    public static func sequence(of id: String) -> Int? { identifiers.number(in: id) }

    /// A job's events, newest first.
    ///
    /// - Parameters:
    ///   - after: identifier of the last event of the page before.
    ///   - limit: how many at most.
    ///   - withMetrics: whether the events of single steps are among them.
    public func page(
        jobID: String, after: String? = nil, limit: Int, withMetrics: Bool = true
    ) async throws -> Page<Event> {
        var before = Int.max
        if let after {
            guard let sequence = Self.sequence(of: after) else {
                throw StorageError.notFound(.event, id: after)
            }
            before = sequence
        }
        let bound = before
        return try await database.read { connection in
            let events = try connection.query(
                """
                SELECT * FROM events WHERE job_id = ? AND seq < ? AND (? OR kind != 'metrics') ORDER BY seq DESC LIMIT ?
                """, jobID, bound, withMetrics, limit + 1
            ) { try Event(row: $0) }
            return Page(events, limit: limit)
        }
    }

    /// Events behind a sequence number, oldest first.
    ///
    /// - Parameter jobID: nil for those of all jobs.
    public func following(_ sequence: Int, jobID: String? = nil, limit: Int) async throws -> [Event] {
        try await database.read { try Self.following(sequence, jobID: jobID, limit: limit, $0) }
    }

    static func following(
        _ sequence: Int, jobID: String?, limit: Int, _ connection: Connection
    ) throws -> [Event] {
        if let jobID {
            return try connection.query(
                "SELECT * FROM events WHERE job_id = ? AND seq > ? ORDER BY seq LIMIT ?", jobID, sequence, limit
            ) { try Event(row: $0) }
        }
        return try connection.query("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?", sequence, limit) {
            try Event(row: $0)
        }
    }
}

extension Event {
    /// Reads a row of `events`.
    init(row: borrowing Row) throws {
        let sequence: Int = try row["seq"]
        self.init(
            sequence: sequence, id: EventStore.identifiers.make(sequence), jobID: try row["job_id"],
            createdAt: try row["created_at"], kind: try row.choice("kind"), level: try row.choice("level"),
            message: try row["message"], data: try row.json("data_json", \.value))
    }

    /// The state that a `status` event tells; nil for other kinds.
    public var state: JobState? {
        kind == .status ? data["status"]?.string.flatMap(JobState.init(rawValue:)) : nil
    }
}
