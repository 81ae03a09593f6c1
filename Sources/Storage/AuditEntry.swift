internal import SQLite

/// One line of the audit log: who did what, from where, to what, and what came of it.
public struct AuditEntry: Sendable, Hashable {
    /// The outcome of what was done.
    public static let done = "done"

    /// `ftaudit-…`; rises with time.
    public let id: String
    /// Seconds since 1970.
    public let createdAt: Int
    /// A token's identifier, `anonymous`, or `operator` for the command line.
    public let actor: String
    /// The token's name.
    public let actorName: String?
    /// The client's network address, without port.
    public let address: String?
    /// What was done.
    public let action: AuditAction
    /// The identifier of what it was done to; nil where there was nothing yet.
    public let subject: String?
    /// ``done``, or the code of the refusal.
    public let outcome: String
}

extension AuditEntry {
    /// Reads a row of `audit`.
    init(row: borrowing Row) throws {
        self.init(
            id: AuditStore.identifiers.make(try row["number"]), createdAt: try row["created_at"],
            actor: try row["actor"], actorName: try row["actor_name"], address: try row["address"],
            action: try row.choice("action"), subject: try row["subject"], outcome: try row["outcome"])
    }
}
