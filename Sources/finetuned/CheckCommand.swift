internal import Arguments
internal import Foundation
internal import JSON
internal import Storage

/// `finetuned check`
struct CheckCommand {
    private let arguments: ParsedArguments

    static let declaration = Command(
        "check", "Looks a data directory over for damage: database, files and checkpoints, by their hashes.",
        details: """
            Reads only, also beside a running server. What nothing names (stray) is told and does no harm.

            exit status: 0 nothing is damaged or missing · 6 something is · 1 it could not be looked over
            """,
        options: DataOptions.declared + [.toggle("json", "tell the findings as one JSON object")])

    init(_ arguments: ParsedArguments) { self.arguments = arguments }

    func run() throws -> ExitStatus {
        let (directory, migrations) = try DataOptions.directory(arguments)
        let report = try IntegrityCheck.run(directory, migrations: migrations)
        if arguments.has("json") {
            Console.print(report.json.text + "\n")
        } else {
            for finding in report.findings { Console.print("\(finding)\n") }
            Console.print(report.summary + "\n")
        }
        return report.isSound ? .success : .damaged
    }
}

extension IntegrityReport {
    /// What was looked at and how it is, in one line.
    var summary: String {
        let size = String(format: "%.1f MB", Double(bytes) / 1e6)
        let verdict =
            isSound
            ? "nothing is damaged or missing"
            : "\(findings.count { $0.kind != .stray }) things are damaged or missing"
        return "database, \(files) files and \(checkpoints) checkpoints (\(size)): \(verdict)"
    }

    fileprivate var json: JSONValue {
        [
            "object": "check", "sound": .bool(isSound), "files": JSONValue(files),
            "checkpoints": JSONValue(checkpoints), "bytes": JSONValue(bytes),
            "findings": .array(
                findings.map { finding in
                    [
                        "kind": .string(finding.kind.rawValue), "path": .string(finding.path),
                        "message": .string(finding.message),
                    ]
                }),
        ]
    }
}
