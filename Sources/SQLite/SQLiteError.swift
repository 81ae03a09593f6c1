internal import CSQLite

/// An error that SQLite reports, with the statement but never its arguments, which may be private.
public struct SQLiteError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The extended result code (sqlite.org/rescode.html).
    public let code: Int32
    /// SQLite's own words.
    public let message: String
    /// The statement, where one was run.
    public let sql: String?

    /// An error.
    public init(code: Int32, message: String, sql: String? = nil) {
        self.code = code
        self.message = message
        self.sql = sql
    }

    init(_ handle: OpaquePointer?, code: Int32, sql: String? = nil) {
        let words = handle.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        self.init(code: code, message: words.map { String(cString: $0) } ?? "unknown error", sql: sql)
    }

    /// A value in a row is not of the type that the program expects.
    static func mismatch(_ what: String, sql: String) -> SQLiteError {
        SQLiteError(code: SQLITE_MISMATCH, message: what, sql: sql)
    }

    private var primaryCode: Int32 { code & 0xFF }

    /// Whether a constraint (CHECK, UNIQUE, NOT NULL, foreign key) forbids the change.
    public var isConstraintViolation: Bool { primaryCode == SQLITE_CONSTRAINT }
    /// Whether the disk is full.
    public var isDiskFull: Bool { primaryCode == SQLITE_FULL }
    /// Whether another connection held a lock for longer than the time allowed for waiting.
    public var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
    /// Whether the file is damaged or not a database.
    public var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

    /// What happened, with its code and the statement.
    public var description: String {
        let place = sql.map { " in \"\($0.split(whereSeparator: \.isWhitespace).joined(separator: " "))\"" } ?? ""
        return "SQLite error \(code): \(message)\(place)"
    }
}
