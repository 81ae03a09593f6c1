import Foundation
import RunDirectory

/// A worker for tests of the scheduler: keeps the contract of the run directory and does what its training file, a
/// script, tells it to.
@main
struct Main {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            switch arguments.first {
            case "train": try await ScriptedRun(RunDirectory(path: arguments.dropFirst().first ?? "")).run()
            case "answer": try ScriptedAnswers.run()
            default: exit(2)
            }
        } catch {
            FileHandle.standardError.write(Data("scripted-worker: \(error)\n".utf8))
            exit(4)
        }
    }
}
