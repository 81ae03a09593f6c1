/// An argument that is no option.
public struct Operand: Sendable, Hashable {
    /// What the help calls it, such as `NAME`.
    public let name: String
    /// What it is, in a few words.
    public let summary: String
    /// Whether it must be given.
    public let isRequired: Bool

    /// An operand.
    public init(_ name: String, _ summary: String, isRequired: Bool = true) {
        self.name = name
        self.summary = summary
        self.isRequired = isRequired
    }

    /// `NAME` or `[NAME]`.
    var synopsis: String { isRequired ? name : "[\(name)]" }
}
