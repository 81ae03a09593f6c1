internal import CSQLite

/// A compiled statement that a connection keeps for the next use of the same text.
final class PreparedStatement {
    let handle: OpaquePointer
    let sql: String
    /// The columns' positions by name; the first of two with one name.
    private(set) lazy var columns: [String: Int32] = {
        var columns: [String: Int32] = [:]
        for index in 0..<sqlite3_column_count(handle) {
            guard let name = sqlite3_column_name(handle, index).map({ String(cString: $0) }) else { continue }
            columns[name] = columns[name] ?? index
        }
        return columns
    }()

    init(handle: OpaquePointer, sql: String) {
        self.handle = handle
        self.sql = sql
    }

    deinit { sqlite3_finalize(handle) }
}
