internal import CSQLite

/// A statement that is being run; given back to its connection's cache when it goes out of scope.
struct Statement: ~Copyable {
    private let prepared: PreparedStatement
    private let connection: Connection

    init(_ prepared: PreparedStatement, of connection: Connection) {
        self.prepared = prepared
        self.connection = connection
    }

    deinit {
        sqlite3_reset(prepared.handle)
        sqlite3_clear_bindings(prepared.handle)
        connection.giveBack(prepared)
    }

    /// Binds the parameters in their order.
    borrowing func bind(_ values: [any SQLConvertible]) throws(SQLiteError) {
        let expected = sqlite3_bind_parameter_count(prepared.handle)
        guard Int32(values.count) == expected else {
            throw .mismatch("expected \(expected) parameters, got \(values.count)", sql: prepared.sql)
        }
        for (index, value) in values.enumerated() {
            let code = bind(value.sqlValue, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw SQLiteError(connection.handle, code: code, sql: prepared.sql) }
        }
    }

    private borrowing func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        // SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null: return sqlite3_bind_null(prepared.handle, index)
        case .integer(let number): return sqlite3_bind_int64(prepared.handle, index, number)
        case .real(let number): return sqlite3_bind_double(prepared.handle, index, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                // An empty string's pointer may be nil, which SQLite would take for NULL.
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    characters.baseAddress.map {
                        sqlite3_bind_text64(
                            prepared.handle, index, $0, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
                    } ?? sqlite3_bind_text(prepared.handle, index, "", 0, copied)
                }
            }
        case .blob(let bytes):
            if bytes.isEmpty { return sqlite3_bind_zeroblob(prepared.handle, index, 0) }
            return sqlite3_bind_blob64(prepared.handle, index, bytes, UInt64(bytes.count), copied)
        }
    }

    /// Goes on to the next row.
    ///
    /// - Returns: false where there is none and the statement is done.
    borrowing func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(prepared.handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw SQLiteError(connection.handle, code: code, sql: prepared.sql)
        }
    }

    /// The row at which it stands; to be used before the next ``step()``.
    borrowing func row() -> Row { Row(prepared) }
}
