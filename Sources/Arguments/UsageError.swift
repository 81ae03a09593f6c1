internal import JSON

/// A command line that makes no sense: what is wrong, and what would be right.
public enum UsageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No command was named.
    case noCommand(known: [String])
    /// There is no such command.
    case unknownCommand(String, known: [String])
    /// The command has no such option.
    case unknownOption(String, known: [String])
    /// The option needs a value.
    case missingValue(String, valueName: String)
    /// A switch was given a value.
    case valueOfSwitch(String)
    /// The option was given twice.
    case repeated(String)
    /// An operand is missing.
    case missing(String, summary: String)
    /// An option that must be given is missing.
    case missingOption(String, valueName: String, summary: String)
    /// There is one argument too many.
    case unexpected(String, command: String)
    /// The option's value is not of its kind.
    case invalid(String, value: String, expected: String)

    /// What is wrong, and what would be right.
    public var description: String {
        switch self {
        case .noCommand(let known): "which command? one of: \(known.joined(separator: ", "))"
        case .unknownCommand(let name, let known):
            "there is no command \"\(name)\"; \(Self.hint(name, known, plural: "commands"))"
        case .unknownOption(let name, let known):
            "there is no option \(name); \(Self.hint(name, known, plural: "options"))"
        case .missingValue(let name, let valueName):
            "--\(name) needs a value: --\(name) \(valueName)"
        case .valueOfSwitch(let name): "--\(name) takes no value"
        case .repeated(let name): "--\(name) is given twice"
        case .missing(let name, let summary): "\(name) is missing: \(summary)"
        case .missingOption(let name, let valueName, let summary):
            "--\(name) \(valueName) is missing: \(summary)"
        case .unexpected(let argument, let command): "\(command) does not take \"\(argument)\""
        case .invalid(let name, let value, let expected): "--\(name) is \"\(value)\"; it must be \(expected)"
        }
    }

    private static func hint(_ name: String, _ known: [String], plural: String) -> String {
        if let nearest = name.nearest(among: known) { return "did you mean \(nearest)?" }
        return known.isEmpty ? "it takes none" : "\(plural): \(known.joined(separator: ", "))"
    }
}
