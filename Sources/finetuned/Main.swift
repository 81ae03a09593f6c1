internal import Arguments
internal import Foundation
internal import POSIX

/// The daemon and its command line.
@main
struct Main {
    static func main() async {
        Signals.ignoreBrokenPipe()
        let environment = ProcessInfo.processInfo.environment
        do {
            try StandardDescriptors.ensureOpen()
            switch try Commands.program.read(Array(CommandLine.arguments.dropFirst())) {
            case .print(let text):
                Console.print(text)
                exit(ExitStatus.success.rawValue)
            case .run(let command, let arguments):
                let status = try await Commands.run(command, arguments, environment: environment)
                exit(status.rawValue)
            }
        } catch let error as UsageError {
            Console.complain("\(error)\n`finetuned --help` tells more")
            exit(ExitStatus.usage.rawValue)
        } catch {
            Console.complain("\(error)")
            exit(ExitStatus(error).rawValue)
        }
    }
}
