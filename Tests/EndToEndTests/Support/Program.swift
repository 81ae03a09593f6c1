import Foundation
import POSIX

/// A program that was run to its end.
struct Program {
    /// How it ended.
    let exit: ChildProcess.Exit
    /// What it wrote to standard output.
    let output: String
    /// What it wrote to standard error.
    let errors: String

    /// Runs `finetuned` with arguments.
    static func finetuned(_ arguments: String..., environment: [String: String] = [:]) async throws -> Program {
        try await run(Checkout.program("finetuned"), arguments, environment: environment)
    }

    /// Runs a program, waiting for it without a thread of the pool.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil
    ) async throws -> Program {
        let folder = try TemporaryDirectory()
        let output = try FileDescriptor.open("\(folder.path)/out", O_RDWR | O_CREAT)
        let errors = try FileDescriptor.open("\(folder.path)/err", O_RDWR | O_CREAT)
        let child = try ChildProcess(
            path, arguments: arguments, environment: environment, directory: directory, output: output.raw,
            error: errors.raw)
        let exit = await child.waitForExit()
        return Program(
            exit: exit, output: try String(contentsOfFile: "\(folder.path)/out", encoding: .utf8),
            errors: try String(contentsOfFile: "\(folder.path)/err", encoding: .utf8))
    }
}
