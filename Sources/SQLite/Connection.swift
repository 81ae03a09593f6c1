internal import CSQLite

/// A connection to a database file. Not to be used by two tasks at once: see ``SerialConnection``.
public final class Connection {
    /// What a connection may do.
    public enum Access: Sendable {
        /// Read and write; the file is created where it is missing.
        case readWrite
        /// Read a file that exists.
        case readOnly
    }

    let handle: OpaquePointer
    /// The file.
    public let path: String
    private var cache: [String: PreparedStatement] = [:]
    private static let cacheLimit = 128

    /// Opens a database file in write-ahead mode, where a commit is on the disk before it returns.
    ///
    /// The settings (sqlite.org/pragma.html): `journal_mode=WAL`, `synchronous=FULL`, `foreign_keys=ON`,
    /// `busy_timeout=5000` milliseconds.
    public init(path: String, access: Access = .readWrite) throws(SQLiteError) {
        var opened: OpaquePointer?
        let flags =
            access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        // NOMUTEX: its one owner already makes calls one after another.
        let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened else {
            defer { sqlite3_close_v2(opened) }
            let error = SQLiteError(opened, code: code)
            throw SQLiteError(code: error.code, message: "cannot open \(path): \(error.message)")
        }
        handle = opened
        self.path = path
        sqlite3_busy_timeout(handle, 5000)
        if access == .readWrite { try execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL") }
        try execute("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF")
    }

    deinit {
        cache = [:]
        sqlite3_close_v2(handle)
    }

    /// Runs statements that have no parameters and whose rows, if any, do not matter.
    public func execute(_ script: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(handle, code: code, sql: script) }
    }

    /// Runs one statement.
    ///
    /// - Parameter values: bound to its parameters in their order.
    /// - Returns: how many rows it changed.
    @discardableResult
    public func run(_ sql: String, _ values: any SQLConvertible...) throws(SQLiteError) -> Int {
        let statement = try statement(sql)
        try statement.bind(values)
        while try statement.step() {}
        return Int(sqlite3_changes64(handle))
    }

    /// All rows of a query, each as `read` makes it.
    public func query<Element>(
        _ sql: String, _ values: any SQLConvertible..., read: (borrowing Row) throws -> Element
    ) throws -> [Element] {
        try query(sql, values: values, read: read)
    }

    /// All rows of a query whose parameters are known only at run time.
    public func query<Element>(
        _ sql: String, values: [any SQLConvertible], read: (borrowing Row) throws -> Element
    ) throws -> [Element] {
        let statement = try statement(sql)
        try statement.bind(values)
        var elements: [Element] = []
        while try statement.step() { elements.append(try read(statement.row())) }
        return elements
    }

    /// The first row of a query, as `read` makes it; nil where there is none.
    ///
    /// The statement is run to its end, so that a change with a `RETURNING` clause is done as a whole.
    public func first<Element>(
        _ sql: String, _ values: any SQLConvertible..., read: (borrowing Row) throws -> Element
    ) throws -> Element? {
        try query(sql, values: values, read: read).first
    }

    /// The value in the first column of the first row; nil where there is no row.
    public func value<Value: SQLConvertible>(
        _ sql: String, _ values: any SQLConvertible..., as type: Value.Type = Value.self
    ) throws -> Value? {
        try query(sql, values: values) { row -> Value in try row[0] }.first
    }

    /// The row identifier that the last insertion gave.
    public var lastInsertedRow: Int { Int(sqlite3_last_insert_rowid(handle)) }

    /// Whether a transaction is open.
    public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    private func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let prepared = cache.removeValue(forKey: sql) { return Statement(prepared, of: self) }
        var compiled: OpaquePointer?
        var isWhole = true
        var sqlCopy = sql
        let code = sqlCopy.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                var tail: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v3(
                    handle, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, &tail)
                if let tail, let start = text.baseAddress {
                    isWhole = text[(tail - start)...].allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x3B }
                }
                return code
            }
        }
        guard code == SQLITE_OK, let compiled else {
            throw code == SQLITE_OK
                ? .mismatch("not a statement", sql: sql) : SQLiteError(handle, code: code, sql: sql)
        }
        let prepared = PreparedStatement(handle: compiled, sql: sql)
        guard isWhole else { throw .mismatch("one statement at a time", sql: sql) }
        return Statement(prepared, of: self)
    }

    func giveBack(_ prepared: PreparedStatement) {
        if cache.count >= Self.cacheLimit { cache.removeAll() }
        cache[prepared.sql] = prepared
    }
}
