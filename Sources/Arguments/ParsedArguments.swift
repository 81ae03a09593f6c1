/// The arguments that a command was given.
public struct ParsedArguments: Sendable, Hashable {
    private let command: Command
    private let values: [String: [String]]
    /// The arguments that are no options.
    public let operands: [String]

    init(command: Command, values: [String: [String]], operands: [String]) {
        self.command = command
        self.values = values
        self.operands = operands
    }

    /// The value of an option that the command declares; nil where it was not given.
    public subscript(_ option: String) -> String? { all(option).first }

    /// Every value of an option that may be given more than once, in the order of the command line.
    public func all(_ option: String) -> [String] {
        _ = declaration(option)
        return values[option] ?? []
    }

    /// The value of an option that the command cannot do without.
    ///
    /// - Throws: ``UsageError/missingOption(_:valueName:summary:)``
    public func required(_ option: String) throws(UsageError) -> String {
        if let value = self[option] { return value }
        let declaration = declaration(option)
        throw .missingOption(option, valueName: declaration.value ?? "", summary: declaration.summary)
    }

    private func declaration(_ option: String) -> Option {
        guard let found = command.options.first(where: { $0.name == option }) else {
            preconditionFailure("\(command.name) declares no --\(option)")
        }
        return found
    }

    /// Whether a switch was given.
    public func has(_ option: String) -> Bool { self[option] != nil }

    /// The value of an option as a whole number.
    ///
    /// - Throws: ``UsageError/invalid(_:value:expected:)`` where it is none, or out of `range`.
    public func integer(_ option: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = self[option] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid(
                option, value: text, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
