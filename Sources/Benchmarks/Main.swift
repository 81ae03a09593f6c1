import Foundation

/// Prints measurements of single parts, to be compared with other programs on the same machine; not a test.
@main
struct Main {
    static let usage = """
        usage: Benchmarks train CONFIG [--steps N] [--threads T] [--json]
          CONFIG  \(TrainBenchmark.Configuration.allCases.map(\.rawValue).joined(separator: ", "))
               Benchmarks http [--seconds N] [--wrk PATH] [--serve PORT]

        """

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch arguments.first {
            case "train": try TrainBenchmark(arguments: arguments.dropFirst()).run()
            case "http": try await HTTPBenchmark(arguments: arguments.dropFirst()).run()
            case let other?: throw UsageError(description: "unknown benchmark \"\(other)\"")
            case nil: throw UsageError(description: "which benchmark?")
            }
        } catch {
            FileHandle.standardError.write(Data("Benchmarks: \(error)\n\(usage)".utf8))
            exit(2)
        }
    }
}
