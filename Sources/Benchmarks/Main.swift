import Arguments
import Foundation
import POSIX

/// Prints measurements of single parts, to be compared with other programs on the same machine; not a test.
@main
struct Main {
    private static let program = Program(
        name: "Benchmarks", version: "1.0", summary: "measures single parts on this machine",
        commands: [
            TrainBenchmark.command, OperationBenchmark.command, ScalingBenchmark.command, HTTPBenchmark.command,
        ])

    static func main() async {
        Signals.ignoreBrokenPipe()
        do {
            switch try program.read(Array(CommandLine.arguments.dropFirst())) {
            case .print(let text): print(text, terminator: "")
            case .run(TrainBenchmark.command, let arguments): try TrainBenchmark(arguments).run()
            case .run(OperationBenchmark.command, let arguments): try OperationBenchmark(arguments).run()
            case .run(ScalingBenchmark.command, let arguments): try ScalingBenchmark(arguments).run()
            case .run(_, let arguments): try await HTTPBenchmark(arguments).run()
            }
        } catch {
            let hint = error is UsageError ? "\n`Benchmarks --help` tells more" : ""
            FileHandle.standardError.write(Data("Benchmarks: \(error)\(hint)\n".utf8))
            exit(error is UsageError ? 2 : 1)
        }
    }
}
