extension Connection {
    /// When a transaction takes its locks (sqlite.org/lang_transaction.html).
    public enum TransactionKind: String, Sendable {
        /// For reading: every query sees the same state.
        case deferred = "DEFERRED"
        /// For writing: the write lock is taken at once, so that a reader is never asked to become a writer too late.
        case immediate = "IMMEDIATE"
    }

    /// Runs `body` in a transaction: all of its changes are on the disk when this returns, or none is made.
    ///
    /// - Throws: what `body` throws, or ``SQLiteError`` where the commit fails; both after the rollback.
    public func transaction<Result>(
        _ kind: TransactionKind = .immediate, _ body: () throws -> Result
    ) throws -> Result {
        try execute("BEGIN \(kind.rawValue)")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // Some errors (disk full, I/O) have already rolled back by themselves.
            if isInTransaction { try execute("ROLLBACK") }
            throw error
        }
    }
}
