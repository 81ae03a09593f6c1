/// A command of a program: what it is called, what it takes, and what its help says.
public struct Command: Sendable, Hashable {
    /// The words that name it, such as `token create`.
    public let name: String
    /// What it does: one line.
    public let summary: String
    /// Further lines of its help.
    public let details: String
    /// Arguments that are no options, in their order.
    public let operands: [Operand]
    /// The options.
    public let options: [Option]

    /// A command.
    public init(
        _ name: String, _ summary: String, details: String = "", operands: [Operand] = [], options: [Option] = []
    ) {
        self.name = name
        self.summary = summary
        self.details = details
        self.operands = operands
        self.options = options
    }

    /// The words of its name.
    var words: [String] { name.split(separator: " ").map(String.init) }

    /// Reads the arguments behind the command's name. `--` ends the options; `--name=value` is `--name value`.
    public func parse(_ arguments: [String]) throws(UsageError) -> ParsedArguments {
        var values: [String: [String]] = [:]
        var found: [String] = []
        var rest = arguments[...]
        var optionsEnded = false
        while let argument = rest.popFirst() {
            if !optionsEnded, argument == "--" {
                optionsEnded = true
            } else if !optionsEnded, argument.hasPrefix("-"), argument.count > 1 {
                let (option, value) = try option(argument, &rest)
                guard option.repeats || values[option.name] == nil else { throw .repeated(option.name) }
                values[option.name, default: []].append(value)
            } else {
                guard found.count < operands.count else { throw .unexpected(argument, command: name) }
                found.append(argument)
            }
        }
        if let missing = operands.dropFirst(found.count).first, missing.isRequired {
            throw .missing(missing.name, summary: missing.summary)
        }
        return ParsedArguments(command: self, values: values, operands: found)
    }

    /// The option that `argument` names, with its value, which may be the next of `rest`.
    private func option(
        _ argument: String, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> (option: Option, value: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let option = options.first(where: { "--\($0.name)" == parts[0] }) else {
            throw .unknownOption(parts[0], known: options.map { "--\($0.name)" })
        }
        guard let valueName = option.value else {
            guard parts.count == 1 else { throw .valueOfSwitch(option.name) }
            return (option, "")
        }
        let value = parts.count == 2 ? parts[1] : rest.popFirst().flatMap { $0.hasPrefix("--") ? nil : $0 }
        // An empty one is a shell's unset variable: `--data "$DIR"` must not stand for the current directory.
        guard let value, !value.isEmpty else {
            throw .missingValue(option.name, valueName: valueName)
        }
        return (option, value)
    }
}
