internal import Arguments
internal import Foundation
internal import Storage

/// `finetuned token create`, `list` and `revoke`; all work beside a running server, which heeds them at once.
struct TokenCommand {
    private let arguments: ParsedArguments

    static let create = Command(
        "token create", "Makes a token of the API and prints it, this once.",
        operands: [Operand("NAME", "what to call it")],
        options: [
            Option(
                "scope", "SCOPE",
                "what it allows (admin): read sees everything; submit also uploads files and runs jobs;\n"
                    + "admin also deletes models")
        ] + QuotaOptions.declared(default: "as serve says") + DataOptions.declared)
    static let list = Command("token list", "Lists the tokens.", options: DataOptions.declared)
    static let revoke = Command(
        "token revoke", "Revokes a token.", operands: [Operand("NAME", "its name or identifier")],
        options: DataOptions.declared)

    init(_ arguments: ParsedArguments) { self.arguments = arguments }

    func create() async throws -> ExitStatus {
        let word = arguments["scope"] ?? Token.Scope.admin.rawValue
        guard let scope = Token.Scope(rawValue: word) else {
            throw UsageError.invalid(
                "scope", value: word, expected: "read, submit or admin")
        }
        let name = arguments.operands[0]
        guard (1...64).contains(name.count), name.allSatisfy({ !$0.isNewline && $0 != "\t" }) else {
            throw UsageError.invalid("NAME", value: name, expected: "1 to 64 characters in one line")
        }
        let quota = try QuotaOptions.quota(arguments)
        let made = try await DataOptions.database(arguments).tokens.create(
            name: name, scopes: [scope], quota: quota, by: .commandLine)
        Console.print(made.secret + "\n")
        Console.write(
            "The token \"\(name)\" (\(scope.rawValue)) is shown this once. Clients send it as a bearer token.\n")
        return .success
    }

    func list() async throws -> ExitStatus {
        for token in try await DataOptions.existing(arguments).tokens.all() {
            let scopes = Token.Scope.allCases.filter(token.scopes.contains).map(\.rawValue).joined(separator: ",")
            let use =
                if let revoked = token.revokedAt {
                    "revoked \(Self.date(revoked))"
                } else if let used = token.lastUsedAt {
                    "last used \(Self.date(used))"
                } else {
                    "never used"
                }
            let words = [
                token.id, token.name, scopes, "created \(Self.date(token.createdAt))", use,
                QuotaOptions.description(token.quota),
            ]
            Console.print(words.joined(separator: "\t") + "\n")
        }
        return .success
    }

    func revoke() async throws -> ExitStatus {
        try await DataOptions.existing(arguments).tokens.revoke(
            arguments.operands[0], by: .commandLine)
        Console.write("Revoked.\n")
        return .success
    }

    private static func date(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
