/// What is wrong with a JSON value at a place in a document: well-formed JSON that does not say what it should.
public struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of faults.
    public enum Kind: String, Sendable {
        /// A member that must be there is not.
        case missing = "missing_field"
        /// A member that no one knows.
        case unknown = "unknown_field"
        /// A value of another type than expected.
        case type = "invalid_type"
        /// A value of the right type that is not allowed.
        case value = "invalid_value"
    }

    /// Which kind of fault it is.
    public let kind: Kind
    /// Where: `strategy.learning_rate`, `tasks[2].name`; empty for the document itself.
    public let path: String
    /// What is wrong and what would be right.
    public let message: String

    /// A fault at a path.
    public init(_ kind: Kind, path: String, _ message: String) {
        self.kind = kind
        self.path = path
        self.message = message
    }

    /// The path and the message.
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
