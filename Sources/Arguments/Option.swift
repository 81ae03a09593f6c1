/// An option of a command: `--name`, or `--name VALUE`.
public struct Option: Sendable, Hashable {
    /// The name, without dashes.
    public let name: String
    /// What the help calls the value; nil for a switch.
    public let value: String?
    /// What it does, in a few words.
    public let summary: String

    /// An option that takes a value.
    public init(_ name: String, _ value: String, _ summary: String) {
        self.name = name
        self.value = value
        self.summary = summary
    }

    /// A switch.
    public static func toggle(_ name: String, _ summary: String) -> Option {
        Option(name: name, value: nil, summary: summary)
    }

    private init(name: String, value: String?, summary: String) {
        self.name = name
        self.value = value
        self.summary = summary
    }

    /// `--name` or `--name VALUE`.
    var synopsis: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
}
