internal import Synchronization

/// One connection that writes and a few that read beside it, as write-ahead mode allows.
public final class ConnectionPool: Sendable {
    private let writer: SerialConnection
    private let readers: [SerialConnection]
    private let turn = Atomic<Int>(0)
    private let index: WriteAheadIndex?
    private let memory = Mutex(ResultMemory())

    /// Opens a database file.
    ///
    /// - Parameter readers: how many queries can run at once; at least 1.
    public init(path: String, readers: Int = 3) throws(SQLiteError) {
        writer = try SerialConnection(path: path, access: .readWrite)
        var connections: [SerialConnection] = []
        for _ in 0..<max(1, readers) { connections.append(try SerialConnection(path: path, access: .readOnly)) }
        self.readers = connections
        index = try WriteAheadIndex(path: path)
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
        try await nextReader.perform { connection in
            try connection.transaction(.deferred) { try body(connection) }
        }
    }

    /// Runs `body` like ``read(_:)``, but only where anybody has changed the database since its result was asked for last;
    /// else the result is there at once.
    ///
    /// - Parameter name: tells results apart; the same name always goes with the same `body`.
    public func read<Result: Sendable>(
        remembering name: String, _ body: @Sendable (Connection) throws -> Result
    ) async throws -> Result {
        // Asked for before the result is made: what is committed meanwhile makes it anew, if only for nothing.
        guard let state = index?.state else { return try await read(body) }
        // In two steps: cast at once, no result at all would be taken for one that is nil.
        if let known = memory.withLock({ $0.result(name, at: state) }), let result = known as? Result { return result }
        let result = try await read(body)
        memory.withLock { $0.keep(result, as: name, at: state) }
        return result
    }

    private var nextReader: SerialConnection {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return readers[Int(UInt(bitPattern: number) % UInt(readers.count))]
    }
}
