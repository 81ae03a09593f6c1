internal import CSQLite

/// The present row of a query; not copyable, so that it cannot outlive the step that it belongs to.
public struct Row: ~Copyable {
    private let prepared: PreparedStatement

    init(_ prepared: PreparedStatement) { self.prepared = prepared }

    /// The column of that name.
    ///
    /// - Throws: ``SQLiteError`` where there is no such column or its value is of another type.
    public subscript<Value: SQLConvertible>(name: String) -> Value {
        get throws(SQLiteError) {
            guard let index = prepared.columns[name] else {
                throw .mismatch("no column \"\(name)\"", sql: prepared.sql)
            }
            return try value(at: index, name)
        }
    }

    /// The column at a position from 0.
    ///
    /// - Throws: ``SQLiteError`` where the value is of another type.
    public subscript<Value: SQLConvertible>(index: Int) -> Value {
        get throws(SQLiteError) { try value(at: Int32(index), "\(index)") }
    }

    private func value<Value: SQLConvertible>(at index: Int32, _ name: String) throws(SQLiteError) -> Value {
        let stored = stored(at: index)
        guard let value = Value(stored) else {
            throw .mismatch("column \(name) holds \(stored.kind), expected \(Value.self)", sql: prepared.sql)
        }
        return value
    }

    private func stored(at index: Int32) -> SQLValue {
        let handle = prepared.handle
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT:
            let text = sqlite3_column_text(handle, index)
            let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, index)))
            return .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let blob = sqlite3_column_blob(handle, index)
            return .blob(Array(UnsafeRawBufferPointer(start: blob, count: Int(sqlite3_column_bytes(handle, index)))))
        default: return .null
        }
    }
}
