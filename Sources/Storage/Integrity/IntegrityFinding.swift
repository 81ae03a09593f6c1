/// Something in a data directory that is not as the database says.
public struct IntegrityFinding: Sendable, Hashable, CustomStringConvertible {
    /// What kind of thing it is.
    public enum Kind: String, Sendable {
        /// The content is not what was written.
        case damaged
        /// It is not there.
        case missing
        /// It is there, and nothing names it: harmless, it takes room.
        case stray
    }

    /// What kind of thing it is.
    public let kind: Kind
    /// Where: relative to the data directory.
    public let path: String
    /// What is wrong.
    public let message: String

    /// A finding.
    public init(_ kind: Kind, _ path: String, _ message: String) {
        self.kind = kind
        self.path = path
        self.message = message
    }

    /// One line of it.
    public var description: String { "\(kind.rawValue) \(path): \(message)" }
}
