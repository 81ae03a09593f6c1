internal import FineTuning
internal import JSON
internal import SQLite

/// An open transaction of the writer, with the events that it adds.
final class WriteTransaction {
    let connection: Connection
    /// Seconds since 1970, the same for all of the transaction.
    let now: Int
    /// The limits of those who have none of their own.
    let defaultQuota: Quota
    private(set) var events: [Event] = []

    init(_ connection: Connection, now: Int, defaultQuota: Quota) {
        self.connection = connection
        self.now = now
        self.defaultQuota = defaultQuota
    }

    /// Adds an event and gives it its sequence number.
    @discardableResult
    func append(
        _ kind: Event.Kind, job: String, level: Event.Level = .info, message: String, data: JSONValue = [:],
        at time: Int? = nil
    ) throws -> Int {
        let createdAt = time ?? now
        try connection.run(
            """
            INSERT INTO events (job_id, created_at, kind, level, message, data_json) VALUES (?, ?, ?, ?, ?, ?)
            """, job, createdAt, kind.rawValue, level.rawValue, message, data.text)
        let sequence = connection.lastInsertedRow
        events.append(
            Event(
                sequence: sequence, id: EventStore.identifiers.make(sequence), jobID: job, createdAt: createdAt,
                kind: kind, level: level, message: message, data: data))
        return sequence
    }

    /// The job of that identifier.
    ///
    /// - Throws: ``StorageError/notFound(_:id:)``
    func job(_ id: String) throws -> Job {
        guard
            let job = try connection.first("SELECT * FROM jobs WHERE id = ?", id, read: { try Job(row: $0) })
        else { throw StorageError.notFound(.job, id: id) }
        return job
    }

    /// Whose a job is: a principal's identifier; empty for nobody's.
    func creator(of job: String) throws -> String {
        try connection.value("SELECT creator FROM jobs WHERE id = ?", job) ?? ""
    }
}
