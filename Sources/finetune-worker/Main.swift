internal import Arguments
internal import Foundation
internal import POSIX

/// The worker program: trains a run, or answers the daemon's questions about data and models.
@main
struct Main {
    @MainActor
    static func main() async {
        Sandbox.ensureSingleThread()
        Signals.ignoreBrokenPipe()
        // A file that may grow no more is an error of the write, told as a full disk, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        let status: ExitStatus
        do {
            try StandardDescriptors.ensureOpen()
            switch try Commands.program.read(arguments) {
            case .print(let text):
                print(text, terminator: "")
                status = .success
            case .run(let command, let arguments): status = try await Commands.run(command, arguments)
            }
        } catch {
            StandardError.write("finetune-worker: \(error)\n`finetune-worker --help` tells more\n")
            status = .usage
        }
        exit(status.rawValue)
    }
}
