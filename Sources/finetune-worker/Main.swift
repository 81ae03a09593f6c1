internal import FineTuning
internal import Foundation
internal import POSIX

/// The worker program: trains a run, or answers the daemon's questions about data and models.
@main
struct Main {
    static func main() async {
        Signals.ignoreBrokenPipe()
        // A file that may grow no more is an error of the write, told as a full disk, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        let status: ExitStatus
        do {
            try StandardDescriptors.ensureOpen()
            switch try Command(arguments) {
            case .help(let text):
                print(text, terminator: "")
                status = .success
            case .version:
                print("finetune-worker \(Release.version)")
                status = .success
            case .train(let path): status = await TrainCommand(path: path).run()
            case .answer(let threads): status = AnswerCommand(threads: threads).run()
            case .benchmark(let threads): status = BenchmarkCommand(threads: threads).run()
            }
        } catch {
            StandardError.write("finetune-worker: \(error)\n")
            status = .usage
        }
        exit(status.rawValue)
    }
}
