internal import Arguments
internal import Foundation
internal import Storage

/// `finetuned audit`
struct AuditCommand {
    private let arguments: ParsedArguments

    static let declaration = Command(
        "audit", "Prints who did what, oldest first.",
        details: """
            A line an entry, with tabs between: time, who (a token's identifier, anonymous, or operator for the command
            line), the token's name, the client's address, the action, what it was done to, and the outcome: done, or why
            it was refused. The server keeps entries as long as its --keep-audit says, a million at most.
            """, options: DataOptions.declared)

    init(_ arguments: ParsedArguments) { self.arguments = arguments }

    func run() async throws -> ExitStatus {
        let log = try await DataOptions.existing(arguments).audit
        var page = try await log.following(limit: Self.batch)
        while true {
            Console.print(page.elements.map(Self.line).joined())
            guard page.hasMore, let last = page.elements.last else { return .success }
            page = try await log.following(last.id, limit: Self.batch)
        }
    }

    /// How many entries are read at once.
    private static let batch = 1000

    private static func line(_ entry: AuditEntry) -> String {
        let time = Date(timeIntervalSince1970: Double(entry.createdAt)).formatted(.iso8601)
        let words = [
            time, entry.actor, entry.actorName ?? "-", entry.address ?? "-", entry.action.rawValue,
            entry.subject ?? "-", entry.outcome,
        ]
        // What a client has chosen must not end the line or move the columns.
        return words.map { $0.replacing(/[\p{Cc}]/, with: "\u{FFFD}") }.joined(separator: "\t") + "\n"
    }
}
