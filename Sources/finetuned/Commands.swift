internal import Arguments
internal import FineTuning

/// What `finetuned` can be told to do.
enum Commands {
    static let program = Program(
        name: "finetuned", version: Release.version, summary: "fine-tunes pretrained models on ordinary CPUs",
        commands: [
            ServeCommand.declaration, TokenCommand.create, TokenCommand.list, TokenCommand.revoke,
            AuditCommand.declaration, PullCommand.declaration, DoctorCommand.declaration, CheckCommand.declaration,
            BackupCommand.declaration,
        ])

    /// Runs a command of the program.
    static func run(
        _ command: Command, _ arguments: ParsedArguments, environment: [String: String]
    ) async throws -> ExitStatus {
        switch command.name {
        case ServeCommand.declaration.name: try await ServeCommand(arguments).run()
        case TokenCommand.create.name: try await TokenCommand(arguments).create()
        case TokenCommand.list.name: try await TokenCommand(arguments).list()
        case TokenCommand.revoke.name: try await TokenCommand(arguments).revoke()
        case AuditCommand.declaration.name: try await AuditCommand(arguments).run()
        case PullCommand.declaration.name: try await PullCommand(arguments, environment: environment).run()
        case CheckCommand.declaration.name: try CheckCommand(arguments).run()
        case BackupCommand.declaration.name: try BackupCommand(arguments).run()
        case DoctorCommand.declaration.name: try await DoctorCommand(arguments).run()
        default: preconditionFailure("\(command.name) is declared and not run")
        }
    }
}
