internal import Arguments
internal import Foundation
internal import Storage

/// `finetuned backup`
struct BackupCommand {
    private let arguments: ParsedArguments

    static let declaration = Command(
        "backup", "Copies a data directory, also beside a running server, to one that a server can run on.",
        details: """
            The copy is of one moment; every file in it is compared with its recorded hash before DEST gets its name. To
            restore it, serve it: `finetuned serve --data DEST`. Jobs that ran go on from their checkpoints. Pretrained
            models outside the data directory (serve --models) are not in it.

            exit status: 0 done · 6 done, and what was damaged before is damaged in the copy · 1 no backup was made
            """,
        operands: [Operand("DEST", "a name that is not taken; the copy is made beside it and then renamed")],
        options: DataOptions.declared)

    init(_ arguments: ParsedArguments) { self.arguments = arguments }

    func run() throws -> ExitStatus {
        let (directory, migrations) = try DataOptions.directory(arguments)
        let destination = arguments.operands[0]
        let report = try Backup(of: directory, to: destination, migrations: migrations).run()
        for finding in report.findings { Console.write("\(finding)\n") }
        Console.write("\(destination): \(report.summary)\n")
        return report.isSound ? .success : .damaged
    }
}
