/// One step of the schema: a file `NNNN_what.sql`.
public struct Migration: Sendable, Hashable {
    /// The file's name.
    public let name: String
    /// Its statements.
    public let sql: String
    /// A cryptographic hash of its content, so that a change after the fact is seen.
    public let digest: String

    /// A step.
    public init(name: String, sql: String, digest: String) {
        self.name = name
        self.sql = sql
        self.digest = digest
    }

    /// The number before the first `_`; nil where the name is not of the form `NNNN_what.sql`.
    public var number: Int? {
        let digits = name.prefix { $0 != "_" }
        guard digits.count == 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }), name.hasSuffix(".sql"),
            name.count > 9
        else { return nil }
        return Int(digits)
    }
}
