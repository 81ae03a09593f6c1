/// An option of a command: `--name`, or `--name VALUE`.
public struct Option: Sendable, Hashable {
    /// The name, without dashes.
    public let name: String
    /// What the help calls the value; nil for a switch.
    public let value: String?
    /// What it does, in a few words.
    public let summary: String
    /// Whether the command cannot do without it.
    public let isRequired: Bool
    /// Whether it may be given more than once.
    public let repeats: Bool

    /// An option that takes a value.
    ///
    /// - Parameters:
    ///   - isRequired: whether the command cannot do without it.
    ///   - repeats: whether it may be given more than once.
    public init(
        _ name: String, _ value: String, _ summary: String, isRequired: Bool = false, repeats: Bool = false
    ) {
        self.init(name: name, value: value, summary: summary, isRequired: isRequired, repeats: repeats)
    }

    /// A switch.
    public static func toggle(_ name: String, _ summary: String) -> Option {
        Option(name: name, value: nil, summary: summary, isRequired: false, repeats: false)
    }

    private init(name: String, value: String?, summary: String, isRequired: Bool, repeats: Bool) {
        self.name = name
        self.value = value
        self.summary = summary
        self.isRequired = isRequired
        self.repeats = repeats
    }

    /// `--name` or `--name VALUE`.
    var synopsis: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
}
