import Arguments
import Foundation
import JSON
import Models
import Tensors

/// Training throughput on random weights, in the shapes of a public model.
struct TrainBenchmark {
    static let command = Command(
        "train", "training steps on random weights: rate, memory, and the share of what matrix products alone reach",
        details: """
            The shapes are those of all-MiniLM-L6-v2: 32 sequences of 128 tokens, four classes. Two steps warm up; times
            are medians of the others. step_cpu_s is the processor time of a step on all threads together, which other
            work on the machine disturbs least. fraction_of_sgemm compares a step's products with sgemm_gflops, and
            cpu_fraction the same by processor time. With --epochs, minilm-head runs so many epochs over --steps batches,
            what enters the head being computed in the first and kept. allocations and faults are those of the last step,
            heap_growth the bytes by which the C library's memory grew over all (the lists of times are 16 bytes a step).
            With adapters the two allocations that are left are OpenBLAS's own, for products of few columns.
            tiny-full is a model of width 32, to watch memory over thousands of steps.
            """,
        operands: [
            Operand(
                "CONFIG", "what trains: \(TrainConfiguration.allCases.map(\.rawValue).joined(separator: ", ")), or all")
        ],
        options: [
            Option("steps", "N", "steps to measure, 8 without it"),
            Option("epochs", "E", "epochs over kept features; only for minilm-head"),
            Option("threads", "T", "threads to use; without it, as many as there are cores"),
            .toggle("json", "print one line of JSON for each configuration"),
        ])

    private let configurations: [TrainConfiguration]
    private let steps: Int
    private let epochs: Int?
    private let threads: Int
    private let printsJSON: Bool

    /// Reads what follows `Benchmarks train`.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        let name = arguments.operands[0]
        configurations = try Self.configurations(name)
        steps = try arguments.integer("steps", in: 1...100_000) ?? 8
        epochs = try arguments.integer("epochs", in: 2...10_000)
        threads = try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        printsJSON = arguments.has("json")
        if epochs != nil, configurations != [.head] {
            throw .unknownCommand(
                "train \(name) --epochs", known: ["train \(TrainConfiguration.head.rawValue) --epochs"])
        }
    }

    private static func configurations(_ name: String) throws(UsageError) -> [TrainConfiguration] {
        if name == "all" { return TrainConfiguration.allCases.filter { $0 != .tiny } }
        guard let configuration = TrainConfiguration(rawValue: name) else {
            throw .unknownCommand("train \(name)", known: TrainConfiguration.allCases.map { "train \($0.rawValue)" })
        }
        return [configuration]
    }

    /// Trains and prints a row for each configuration.
    func run() throws {
        var report = Report(printsJSON: printsJSON)
        for configuration in configurations {
            let measured = try MeasuredModel(configuration, threads: threads)
            report.add(try epochs.map { try job(measured, epochs: $0) } ?? training(measured))
        }
        report.printTable()
    }

    private func training(_ measured: MeasuredModel) throws -> Report.Row {
        let (pool, sequences, length) = (
            measured.model.pool, measured.configuration.sequences, measured.configuration.length
        )
        let before = MatrixProductRate.measure(on: pool)
        let batch = measured.makeBatch(sequences, length)
        for _ in 0..<2 { try measured.step(batch) }
        let heap = ResourceUse.now.heapBytes
        var timing = Timing()
        var processorTimes: [Double] = []
        var (allocations, faults) = (0, 0)
        for _ in 0..<steps {
            let start = ResourceUse.now
            try timing.measure { try measured.step(batch) }
            let end = ResourceUse.now
            processorTimes.append(end.processorSeconds - start.processorSeconds)
            (allocations, faults) = (end.allocations - start.allocations, end.pageFaults - start.pageFaults)
        }
        let (memory, growth) = (ResourceUse.now.peakMemory, ResourceUse.now.heapBytes - heap)
        let after = MatrixProductRate.measure(on: pool)
        let flops = Workload(
            configuration: measured.configuration, shape: measured.shape, batch: sequences, length: length
        ).operations
        let (seconds, processorSeconds) = (timing.median, Timing.median(processorTimes))
        let perProcessorSecond = max(before.perProcessorSecond, after.perProcessorSecond)
        return [
            ("config", .string(measured.configuration.rawValue)), ("threads", JSONValue(threads)),
            ("batch", JSONValue(sequences)), ("length", JSONValue(length)), ("step_s", Report.rounded(seconds, 4)),
            ("step_cpu_s", Report.rounded(processorSeconds, 4)),
            ("samples_per_s", Report.rounded(Double(sequences) / seconds, 2)),
            ("tokens_per_s", Report.rounded(Double(sequences * length) / seconds, 0)),
            ("peak_rss_mib", JSONValue(memory)),
            ("sgemm_gflops", Report.rounded(max(before.perSecond, after.perSecond), 1)),
            ("fraction_of_sgemm", Report.rounded(flops / seconds * 1e-9 / max(before.perSecond, after.perSecond), 3)),
            ("cpu_fraction", Report.rounded(flops / processorSeconds * 1e-9 / perProcessorSecond, 3)),
            ("allocations", JSONValue(allocations)), ("faults", JSONValue(faults)),
            ("heap_growth", JSONValue(growth)),
            ("library", .string(MatrixProductRate.library)),
        ]
    }

    /// A whole job on the head: the first epoch computes what enters it, the others use what was kept.
    private func job(_ measured: MeasuredModel, epochs: Int) throws -> Report.Row {
        let (sequences, length) = (measured.configuration.sequences, measured.configuration.length)
        let batches = (0..<steps).map { measured.makeBatch(sequences, length, number: $0) }
        _ = try measured.features(batches[0])
        var (first, others) = (Timing(), Timing())
        var kept: [Tensor] = []
        try first.measure {
            for batch in batches {
                let features = try measured.features(batch)
                kept.append(features)
                try measured.step(kept: features, batch.labels ?? [])
            }
        }
        for _ in 1..<epochs {
            try others.measure {
                for (batch, features) in zip(batches, kept) { try measured.step(kept: features, batch.labels ?? []) }
            }
        }
        let samples = Double(sequences * steps)
        let whole = first.seconds[0] + others.seconds.reduce(0, +)
        return [
            ("config", .string(measured.configuration.rawValue)), ("threads", JSONValue(threads)),
            ("batch", JSONValue(sequences)), ("length", JSONValue(length)), ("batches", JSONValue(steps)),
            ("epochs", JSONValue(epochs)),
            ("first_epoch_samples_per_s", Report.rounded(samples / first.seconds[0], 2)),
            ("later_samples_per_s", Report.rounded(samples / others.median, 0)),
            ("job_samples_per_s", Report.rounded(samples * Double(epochs) / whole, 2)),
            ("peak_rss_mib", JSONValue(ResourceUse.now.peakMemory)),
        ]
    }
}
