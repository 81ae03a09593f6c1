import Arguments
import Foundation
import JSON
import Tensors

/// Each operation of a training step by itself, forward and backward, beside what the machine can do.
struct OperationBenchmark {
    static let command = Command(
        "ops", "each operation's rate beside the machine's limits, in the shapes of all-MiniLM-L6-v2",
        details: """
            4096 tokens (32 sequences of 128), width 384, middle 1536, 12 heads. Products are compared with the rate of
            sgemm on all threads, everything else with the rate of y = y + x over large vectors; both are measured before.
            Bytes are what an operation must read and write at least once: what the caches keep can exceed the limit.
            Times are the best of some runs.
            """,
        options: [
            Option("runs", "N", "runs of each operation, 7 without it"),
            Option("only", "TEXT", "only operations whose name holds this"),
            Option("threads", "T", "threads to use; without it, as many as there are cores"),
            .toggle("json", "print one line of JSON for each operation"),
        ])

    private let runs: Int
    private let only: String?
    private let threads: Int
    private let printsJSON: Bool

    /// Reads what follows `Benchmarks ops`.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        runs = try arguments.integer("runs", in: 1...10_000) ?? 7
        only = arguments["only"]
        threads = try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        printsJSON = arguments.has("json")
    }

    /// Measures and prints all.
    func run() {
        let pool = ThreadPool(threadCount: threads)
        let limits = (products: MatrixProductRate.measure(on: pool).perSecond, memory: MemoryRate.measure(on: pool))
        var report = Report(printsJSON: printsJSON)
        if !printsJSON {
            print(
                "sgemm \(Int(limits.products.rounded())) GFLOP/s, memory \(Int(limits.memory.rounded())) GB/s, "
                    + "\(threads) threads")
        }
        let workbench = Workbench(pool: pool)
        for operation in MeasuredOperation.all(workbench) + MeasuredOperation.updates(workbench)
        where only.map({ operation.name.contains($0) }) ?? true {
            let times = operation.measure(runs: runs, workbench)
            add("\(operation.name)", operation.forward, times.forward, limits, to: &report)
            if let work = operation.backward {
                add("\(operation.name), backward", work, times.backward, limits, to: &report)
            }
        }
        report.printTable()
    }

    private func add(
        _ name: String, _ work: MeasuredOperation.Work, _ seconds: Double, _ limits: (products: Double, memory: Double),
        to report: inout Report
    ) {
        let (flops, bytes) = (work.flops / seconds * 1e-9, work.bytes / seconds * 1e-9)
        report.add([
            ("operation", .string(name)), ("ms", Report.rounded(seconds * 1e3, 3)),
            ("gflops", work.flops > 0 ? Report.rounded(flops, 1) : .null),
            ("of_sgemm", work.flops > 0 ? Report.rounded(flops / limits.products, 2) : .null),
            ("gb_per_s", Report.rounded(bytes, 1)), ("of_memory", Report.rounded(bytes / limits.memory, 2)),
        ])
    }
}
