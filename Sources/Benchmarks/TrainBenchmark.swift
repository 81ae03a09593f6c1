import Arguments
import Foundation
import JSON
import Models
import Tensors

/// Training throughput on random weights, in the shapes of a public model.
struct TrainBenchmark {
    /// Shapes of all-MiniLM-L6-v2 with four classes; what trains differs.
    enum Configuration: String, CaseIterable {
        case full = "minilm-full"
        case head = "minilm-head"
        case top2 = "minilm-top2"

        /// Whether a block of the model trains.
        func trains(_ block: String) -> Bool {
            switch self {
            case .full: true
            case .head: block == "classifier"
            case .top2: ["classifier", "pooler", "encoder.layer.4", "encoder.layer.5"].contains(block)
            }
        }
    }

    static let command = Command(
        "train", "training steps on random weights: rate, memory, and the share of what matrix products alone reach",
        details: """
            The shapes are those of all-MiniLM-L6-v2: 32 sequences of 128 tokens, four classes. Two steps warm up; times
            are medians of the others. step_cpu_s is the processor time of a step on all threads together, which other
            work on the machine disturbs least. fraction_of_sgemm compares a step's products with sgemm_gflops.
            """,
        operands: [
            Operand("CONFIG", "what trains: \(Configuration.allCases.map(\.rawValue).joined(separator: ", "))")
        ],
        options: [
            Option("steps", "N", "steps to measure, 8 without it"),
            Option("threads", "T", "threads to use; without it, as many as there are cores"),
            .toggle("json", "print one line of JSON"),
        ])

    private let configuration: Configuration
    private let steps: Int
    private let threads: Int
    private let printsJSON: Bool
    private let batch = 32
    private let length = 128

    /// Reads what follows `Benchmarks train`.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        let name = arguments.operands[0]
        guard let configuration = Configuration(rawValue: name) else {
            throw .unknownCommand("train \(name)", known: Configuration.allCases.map { "train \($0.rawValue)" })
        }
        self.configuration = configuration
        steps = try arguments.integer("steps", in: 1...100_000) ?? 8
        threads = try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
        printsJSON = arguments.has("json")
    }

    /// Trains and prints one report.
    func run() throws {
        let pool = ThreadPool(threadCount: threads)
        let rateBefore = MatrixProductRate.measure(on: pool)
        var shape = EncoderConfiguration()
        shape.hiddenSize = 384
        shape.layerCount = 6
        shape.intermediateSize = 1536
        let model = try EncoderModel(configuration: shape, head: .sequence(outputs: 4), seed: 1, pool: pool)
        model.store.setTrainable { configuration.trains($0.block) }
        let optimizer = AdamW(model.store)
        let batch = makeBatch(vocabulary: shape.vocabularySize)
        var times: [Double] = []
        var processorTimes: [Double] = []
        for number in 0..<(steps + 2) {
            let start = DispatchTime.now().uptimeNanoseconds
            let processorStart = ResourceUse.now.processorSeconds
            try step(number, model, optimizer, batch, pool)
            guard number >= 2 else { continue }
            times.append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9)
            processorTimes.append(ResourceUse.now.processorSeconds - processorStart)
        }
        let memory = ResourceUse.now.peakMemory
        report(
            seconds: median(times), processorSeconds: median(processorTimes), memory: memory,
            rate: max(rateBefore, MatrixProductRate.measure(on: pool)), shape)
    }

    private func step(
        _ number: Int, _ model: EncoderModel, _ optimizer: AdamW, _ batch: PackedBatch, _ pool: ThreadPool
    ) throws {
        model.begin(.training(DropoutState(seed: 1, step: UInt64(number))))
        let logits = try model.output(batch)
        let output = model.tape.crossEntropy(logits, labels: batch.labels ?? []).value
        let loss = output.tensor.base[0]
        model.tape.backward(from: output)
        let norm = model.store.gradientNorm(on: pool)
        guard loss.isFinite, norm.isFinite else {
            throw BenchmarkError.diverged(step: number, loss: loss, gradientNorm: norm)
        }
        optimizer.update(learningRate: 1e-4, gradientScale: norm > 1 ? Float(1 / (norm + 1e-6)) : 1, on: pool)
        model.store.zeroGradients(on: pool)
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    private func makeBatch(vocabulary: Int) -> PackedBatch {
        var generator = SystemRandomNumberGenerator()
        return PackedBatch(
            sequences: (0..<batch).map { _ in
                (0..<length).map { _ in Int32.random(in: 5..<Int32(vocabulary), using: &generator) }
            }, labels: (0..<batch).map { _ in Int32.random(in: 0..<4, using: &generator) })
    }

    private func report(
        seconds: Double, processorSeconds: Double, memory: Int, rate: Double, _ shape: EncoderConfiguration
    ) {
        func rounded(_ value: Double, _ digits: Double) -> JSONValue { JSONValue((value * digits).rounded() / digits) }
        let flops = Workload(configuration: configuration, shape: shape, batch: batch, length: length).operations
        let fields: [(String, JSONValue)] = [
            ("config", .string(configuration.rawValue)), ("threads", JSONValue(threads)),
            ("batch", JSONValue(batch)), ("length", JSONValue(length)), ("step_s", rounded(seconds, 1e4)),
            ("step_cpu_s", rounded(processorSeconds, 1e4)),
            ("samples_per_s", rounded(Double(batch) / seconds, 100)),
            ("tokens_per_s", JSONValue(Int((Double(batch * length) / seconds).rounded()))),
            ("peak_rss_mib", JSONValue(memory)),
            ("sgemm_gflops", rounded(rate, 10)), ("fraction_of_sgemm", rounded(flops / seconds * 1e-9 / rate, 1e3)),
            ("library", .string(MatrixProductRate.library)),
        ]
        if printsJSON {
            print(JSONValue.object(JSONObject(fields)).text)
        } else {
            for (name, value) in fields { print(name.padding(toLength: 18, withPad: " ", startingAt: 0), value.text) }
        }
    }
}
