public import JSON

/// Whether the first row of a CSV or TSV file names the columns.
public enum HeaderRow: Sendable, Hashable, JSONRepresentable {
    /// It does if it holds the names of the fields.
    case auto
    /// It does.
    case present
    /// It does not; the columns are the fields in their order.
    case absent

    /// Reads `"auto"`, `true` or `false`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        switch cursor.value {
        case "auto": self = .auto
        case true: self = .present
        case false: self = .absent
        default: throw cursor.fault("expected \"auto\", true or false")
        }
    }

    /// The choice as JSON.
    public var json: JSONValue {
        switch self {
        case .auto: "auto"
        case .present: true
        case .absent: false
        }
    }
}
