/// Why a text is not JSON, and where.
public struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and what was expected.
    public let reason: String
    /// The position of the offending byte, counted from 0.
    public let offset: Int

    /// The reason with its position, for people.
    public var description: String { "\(reason) at byte \(offset)" }
}
