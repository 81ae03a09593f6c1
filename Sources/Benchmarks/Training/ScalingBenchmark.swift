import Arguments
import Foundation
import JSON
import Tensors

/// How the rate of training changes with threads, batch and length.
struct ScalingBenchmark {
    static let command = Command(
        "scaling", "how training scales: threads, sequences of a batch, tokens of a sequence",
        details: """
            Steps of minilm-full. speedup is the rate in tokens over that of the same work on one thread. Times are the best
            of the steps.
            """,
        options: [
            Option("steps", "N", "steps to measure of each, 3 without it"),
            Option("config", "CONFIG", "what trains, minilm-full without it"),
            .toggle("json", "print one line of JSON for each"),
        ])

    private let steps: Int
    private let configuration: TrainConfiguration
    private let printsJSON: Bool

    /// Reads what follows `Benchmarks scaling`.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        steps = try arguments.integer("steps", in: 1...10_000) ?? 3
        let name = arguments["config"] ?? TrainConfiguration.full.rawValue
        guard let configuration = TrainConfiguration(rawValue: name) else {
            throw .unknownCommand("scaling --config \(name)", known: TrainConfiguration.allCases.map(\.rawValue))
        }
        self.configuration = configuration
        printsJSON = arguments.has("json")
    }

    /// Measures and prints all.
    func run() throws {
        var report = Report(printsJSON: printsJSON)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let threadCounts = sequence(first: 1) { $0 < cores ? min($0 * 2, cores) : nil }
        let shapes = [(1, 128), (8, 128), (32, 128), (64, 64), (32, 32), (16, 256), (8, 512)]
        var alone: [Double] = []
        for threads in threadCounts {
            let measured = try MeasuredModel(configuration, threads: threads)
            for (number, (sequences, length)) in shapes.enumerated() {
                let batch = measured.makeBatch(sequences, length)
                try measured.step(batch)
                var timing = Timing()
                for _ in 0..<steps { try timing.measure { try measured.step(batch) } }
                let rate = Double(sequences * length) / timing.best
                if threads == 1 { alone.append(rate) }
                report.add([
                    ("config", .string(configuration.rawValue)), ("threads", JSONValue(threads)),
                    ("batch", JSONValue(sequences)), ("length", JSONValue(length)),
                    ("step_s", Report.rounded(timing.best, 4)), ("tokens_per_s", Report.rounded(rate, 0)),
                    ("speedup", Report.rounded(rate / alone[number], 2)),
                ])
            }
        }
        report.printTable()
    }
}
