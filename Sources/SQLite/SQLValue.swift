/// A value as SQLite stores it (sqlite.org/datatype3.html).
public enum SQLValue: Sendable, Hashable {
    /// `NULL`
    case null
    /// A signed integer of 64 bits.
    case integer(Int64)
    /// A double; NaN becomes `NULL`, as SQLite has none.
    case real(Double)
    /// A text.
    case text(String)
    /// Bytes.
    case blob([UInt8])

    /// The name of the storage class.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .integer: "an integer"
        case .real: "a real"
        case .text: "a text"
        case .blob: "a blob"
        }
    }
}
