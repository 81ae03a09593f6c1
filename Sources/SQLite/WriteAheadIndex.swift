internal import CSQLite

/// The head of the index of a database's write-ahead log (sqlite.org/walformat.html, section 2.1). Every commit of every
/// process changes it, so that whether a database has changed is known without a call to the system.
///
/// `@unchecked Sendable`: the connection is there to keep the memory mapped, and is not used any more.
final class WriteAheadIndex: @unchecked Sendable {
    /// What the head says: the number of the last change, the length of the log and its checksums among it.
    typealias State = SIMD8<UInt64>

    private static let formatVersion: UInt32 = 3_007_000
    private let connection: Connection
    private let head: UnsafeRawPointer

    /// The index of a database; nil where it is not of the known kind.
    init?(path: String) throws(SQLiteError) {
        connection = try Connection(path: path, access: .readOnly)
        // The first read opens log and index.
        try connection.execute("SELECT COUNT(*) FROM sqlite_schema")
        guard let head = write_ahead_index(connection.handle),
            head.load(as: UInt32.self) == Self.formatVersion
        else { return nil }
        self.head = head
    }

    /// The state as it is now. While another process commits it may be a mixture, which is no other state's.
    var state: State {
        var state = State()
        for word in 0..<6 { state[word] = head.load(fromByteOffset: 8 * word, as: UInt64.self) }
        return state
    }
}
