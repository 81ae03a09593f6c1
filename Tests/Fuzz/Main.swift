import Arguments
import Foundation

/// Gives the parsers of bytes from outside what no well-meaning client would send.
@main
struct Main {
    private static let program = Program(
        name: "fuzz", version: "1.0", summary: "gives the parsers hostile inputs and checks what they make of them",
        commands: [RequestFuzz.command, MultipartFuzz.command, AnswerCommand.json, AnswerCommand.safetensors])

    static func main() {
        do {
            switch try program.read(Array(CommandLine.arguments.dropFirst())) {
            case .print(let text): print(text, terminator: "")
            case .run(RequestFuzz.command, let arguments): try FuzzRun(arguments).run("requests", RequestFuzz())
            case .run(MultipartFuzz.command, let arguments):
                try FuzzRun(arguments).run("multipart bodies", MultipartFuzz())
            case .run(AnswerCommand.json, _): try AnswerCommand.answer(AnswerCommand.canonicalJSON)
            case .run(_, _): try AnswerCommand.answer(AnswerCommand.tensors)
            }
        } catch {
            FileHandle.standardError.write(Data("fuzz: \(error)\n".utf8))
            exit(error is UsageError ? 2 : 1)
        }
    }
}
