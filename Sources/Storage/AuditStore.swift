internal import SQLite

/// The audit log: who did what. Entries are never changed, and only ever removed from the beginning.
public struct AuditStore: Sendable {
    let database: Database

    static let identifiers = NumberedIdentifier(prefix: "ftaudit-")

    /// So many entries are kept at most, whatever their age: about 200 MB.
    public static let limit = 1_000_000

    /// Adds an entry for what has no transaction of its own: a download, or a refusal.
    ///
    /// - Parameter outcome: ``AuditEntry/done``, or the code of the refusal.
    public func note(
        _ action: AuditAction, _ subject: String?, by principal: Principal, outcome: String = AuditEntry.done
    ) async throws {
        try await database.write { try $0.audit(action, subject, by: principal, outcome: outcome) }
    }

    /// Entries, newest first.
    ///
    /// - Parameters:
    ///   - after: identifier of the last entry of the page before.
    ///   - limit: how many at most.
    public func page(after: String? = nil, limit: Int) async throws -> Page<AuditEntry> {
        var bound = Int.max
        if let after {
            guard let number = Self.identifiers.number(in: after) else {
                throw StorageError.notFound(.auditEntry, id: after)
            }
            bound = number
        }
        return try await entries("number < ? ORDER BY number DESC", bound, limit: limit)
    }

    /// Entries behind one, oldest first.
    ///
    /// - Parameters:
    ///   - last: identifier of the last entry of the page before; nil begins with the oldest.
    ///   - limit: how many at most.
    public func following(_ last: String? = nil, limit: Int) async throws -> Page<AuditEntry> {
        try await entries(
            "number > ? ORDER BY number", last.flatMap(Self.identifiers.number) ?? 0, limit: limit)
    }

    private func entries(_ condition: String, _ bound: Int, limit: Int) async throws -> Page<AuditEntry> {
        try await database.read { connection in
            Page(
                try connection.query("SELECT * FROM audit WHERE \(condition) LIMIT ?", bound, limit + 1) {
                    try AuditEntry(row: $0)
                }, limit: limit)
        }
    }

    /// Removes the oldest entries: those older than `days`, and those beyond ``limit``.
    ///
    /// - Parameter limit: so many entries are kept at most.
    /// - Returns: how many were removed.
    @discardableResult
    public func trim(days: Int, limit: Int = limit) async throws -> Int {
        try await database.write { transaction in
            let connection = transaction.connection
            let oldest = transaction.now - days * 86_400
            guard let end = try connection.value("SELECT MAX(number) FROM audit", as: Int?.self) ?? nil else {
                return 0
            }
            // The first that stays: clocks may have been set back, so that a later one can be older.
            let first = try connection.value(
                "SELECT number FROM audit WHERE created_at >= ? ORDER BY number LIMIT 1", oldest, as: Int.self)
            return try connection.run("DELETE FROM audit WHERE number < ?", max(first ?? end + 1, end - limit + 1))
        }
    }
}

extension WriteTransaction {
    /// Adds an entry to the audit log, in the transaction of what it tells of.
    ///
    /// - Parameter principal: nil where the server does it by itself, of which the log does not tell.
    func audit(
        _ action: AuditAction, _ subject: String?, by principal: Principal?, outcome: String = AuditEntry.done
    ) throws {
        guard let principal else { return }
        try connection.run(
            """
            INSERT INTO audit (created_at, actor, actor_name, address, action, subject, outcome)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, now, principal.id, principal.name, principal.address, action.rawValue,
            subject.map { TokenSecret.redacted(String($0.prefix(200))) }, outcome)
    }
}
