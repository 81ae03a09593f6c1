internal import Arguments
internal import Foundation
internal import Storage

/// `finetuned token create`, `list` and `revoke`; all work beside a running server, which heeds them at once.
struct TokenCommand {
    private let arguments: ParsedArguments

    private static let shared = [
        Option("data", "DIR", "the server's data directory", isRequired: true),
        Option("assets", "DIR", "the folder that holds migrations/ and public/"),
    ]

    static let create = Command(
        "token create", "Makes a token of the API and prints it, this once.",
        operands: [Operand("NAME", "what to call it")],
        options: [
            Option(
                "scope", "SCOPE",
                "what it allows (admin): read sees everything; submit also uploads files and runs jobs;\n"
                    + "admin also deletes models")
        ] + shared)
    static let list = Command("token list", "Lists the tokens.", options: shared)
    static let revoke = Command(
        "token revoke", "Revokes a token.", operands: [Operand("NAME", "its name or identifier")], options: shared)

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
        let made = try await database().tokens.create(name: name, scopes: [scope])
        Console.print(made.secret + "\n")
        Console.write(
            "The token \"\(name)\" (\(scope.rawValue)) is shown this once. Clients send it as a bearer token.\n")
        return .success
    }

    func list() async throws -> ExitStatus {
        for token in try await existingDatabase().tokens.all() {
            let scopes = Token.Scope.allCases.filter(token.scopes.contains).map(\.rawValue).joined(separator: ",")
            let use =
                if let revoked = token.revokedAt {
                    "revoked \(Self.date(revoked))"
                } else if let used = token.lastUsedAt {
                    "last used \(Self.date(used))"
                } else {
                    "never used"
                }
            Console.print("\(token.id)\t\(token.name)\t\(scopes)\tcreated \(Self.date(token.createdAt))\t\(use)\n")
        }
        return .success
    }

    func revoke() async throws -> ExitStatus {
        try await existingDatabase().tokens.revoke(arguments.operands[0])
        Console.write("Revoked.\n")
        return .success
    }

    /// The database of a server that ran before: what is listed or revoked in a mistyped directory, which would be made
    /// then, seems to be gone.
    private func existingDatabase() async throws -> Database {
        let path = try arguments.required("data")
        guard FileManager.default.fileExists(atPath: "\(path)/finetuned.sqlite") else {
            throw CommandError.noDatabase(data: path)
        }
        return try await database()
    }

    private func database() async throws -> Database {
        let path = try arguments.required("data")
        let migrations = try Installation(assets: arguments["assets"]).migrations
        return try await Database(directory: DataDirectory(path: path, exclusive: false), migrations: migrations)
    }

    private static func date(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
