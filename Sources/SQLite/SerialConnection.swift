/// A connection on a thread of its own, used by one task at a time.
public actor SerialConnection {
    private let executor: QueueExecutor
    private let connection: Connection

    /// Where its work runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens a database file.
    public init(path: String, access: Connection.Access) throws(SQLiteError) {
        executor = QueueExecutor(label: "sqlite \(access)")
        connection = try Connection(path: path, access: access)
    }

    /// Runs `body` with the connection to itself.
    public func perform<Result: Sendable>(
        _ body: @Sendable (Connection) throws -> Result
    ) throws -> Result {
        try body(connection)
    }
}
