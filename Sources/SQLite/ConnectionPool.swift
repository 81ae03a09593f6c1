internal import Synchronization

/// One connection that writes and a few that read beside it, as write-ahead mode allows.
public final class ConnectionPool: Sendable {
    private let writer: SerialConnection
    private let readers: [SerialConnection]
    private let turn = Atomic<Int>(0)

    /// Opens a database file.
    ///
    /// - Parameter readers: how many queries can run at once; at least 1.
    public init(path: String, readers: Int = 3) throws(SQLiteError) {
        writer = try SerialConnection(path: path, access: .readWrite)
        var connections: [SerialConnection] = []
        for _ in 0..<max(1, readers) { connections.append(try SerialConnection(path: path, access: .readOnly)) }
        self.readers = connections
    }

    /// Runs `body` with the writing connection to itself; it opens its own transactions.
    public func write<Result: Sendable>(
        _ body: @Sendable (Connection) throws -> Result
    ) async throws -> Result {
        try await writer.perform(body)
    }

    /// Runs `body` in a transaction in which every query sees the same state.
    public func read<Result: Sendable>(
        _ body: @Sendable (Connection) throws -> Result
    ) async throws -> Result {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        let reader = readers[Int(UInt(bitPattern: number) % UInt(readers.count))]
        return try await reader.perform { connection in
            try connection.transaction(.deferred) { try body(connection) }
        }
    }
}
