/// A program of several commands.
public struct Program: Sendable, Hashable {
    /// What a command line asks for.
    public enum Invocation: Sendable, Hashable {
        /// To print this text and be done: the help or the version.
        case print(String)
        /// To run a command.
        case run(Command, ParsedArguments)
    }

    /// The name of the executable.
    public let name: String
    /// Its version.
    public let version: String
    /// What it does: one line.
    public let summary: String
    /// The commands, in the order of the help.
    public let commands: [Command]

    /// A program.
    public init(name: String, version: String, summary: String, commands: [Command]) {
        self.name = name
        self.version = version
        self.summary = summary
        self.commands = commands
    }

    /// Reads a command line.
    ///
    /// - Parameter arguments: without the program's own name.
    public func read(_ arguments: [String]) throws(UsageError) -> Invocation {
        guard let first = arguments.first else { throw .noCommand(known: commands.map(\.name)) }
        if ["--version", "-V"].contains(first) { return .print("\(name) \(version)\n") }
        let isHelp = { (argument: String) in argument == "--help" || argument == "-h" }
        if isHelp(first) { return .print(help) }
        guard let command = commands.first(where: { arguments.starts(with: $0.words) }) else {
            return try unknown(arguments, isHelp: isHelp)
        }
        let rest = Array(arguments.dropFirst(command.words.count))
        if rest.prefix(while: { $0 != "--" }).contains(where: isHelp) { return .print(help(of: command)) }
        return .run(command, try command.parse(rest))
    }

    /// A command line that begins with no command: perhaps with the first word of some (`token`).
    private func unknown(_ arguments: [String], isHelp: (String) -> Bool) throws(UsageError) -> Invocation {
        let group = commands.filter { $0.words[0] == arguments[0] }
        guard !group.isEmpty else { throw .unknownCommand(arguments[0], known: commands.map(\.name)) }
        if arguments.dropFirst().contains(where: isHelp) {
            return .print(group.map { help(of: $0) }.joined(separator: "\n"))
        }
        let asked = arguments.prefix(2).joined(separator: " ")
        if arguments.count == 1 { throw .noCommand(known: group.map(\.name)) }
        throw .unknownCommand(asked, known: group.map(\.name))
    }

    /// The help of the whole program.
    public var help: String {
        let rows = commands.map { ($0.name, $0.summary) }
        return """
            \(name) \(version): \(summary)

            usage: \(name) COMMAND …

            \(Self.columns(rows))

            \(name) COMMAND --help tells more; \(name) --version tells the version.

            """
    }

    /// The help of one command.
    public func help(of command: Command) -> String {
        var words = [name, command.name] + command.operands.map(\.synopsis)
        words += command.options.filter(\.isRequired).map(\.synopsis)
        if !command.options.allSatisfy(\.isRequired) { words.append("[options]") }
        let usage = words.joined(separator: " ")
        var parts = ["usage: \(usage)", command.summary]
        if !command.details.isEmpty { parts.append(command.details) }
        let rows = command.operands.map { ($0.name, $0.summary) } + command.options.map { ($0.synopsis, $0.summary) }
        if !rows.isEmpty { parts.append(Self.columns(rows)) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// Two columns; a summary of several lines stays in its own.
    private static func columns(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        let indent = "\n" + String(repeating: " ", count: width + 4)
        return rows.map { name, summary in
            let padding = String(repeating: " ", count: width - name.count + 2)
            let text = summary.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: indent)
            return "  \(name)\(padding)\(text)"
        }
        .joined(separator: "\n")
    }
}
