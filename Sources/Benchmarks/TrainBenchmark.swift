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

    private let configuration: Configuration
    private var steps = 8
    private var threads = ProcessInfo.processInfo.activeProcessorCount
    private var printsJSON = false
    private let batch = 32
    private let length = 128

    init(arguments: some Sequence<String>) throws {
        var arguments = Array(arguments)[...]
        guard let name = arguments.popFirst(), let configuration = Configuration(rawValue: name) else {
            throw UsageError(description: "train: which configuration?")
        }
        self.configuration = configuration
        while let option = arguments.popFirst() {
            switch option {
            case "--json": printsJSON = true
            case "--steps": steps = try Self.number(arguments.popFirst(), for: option)
            case "--threads": threads = try Self.number(arguments.popFirst(), for: option)
            default: throw UsageError(description: "train: unknown option \"\(option)\"")
            }
        }
    }

    private static func number(_ text: String?, for option: String) throws -> Int {
        guard let text, let number = Int(text), (1...10_000).contains(number) else {
            throw UsageError(description: "train: \(option) takes a number from 1 to 10000")
        }
        return number
    }

    func run() throws {
        let pool = ThreadPool(threadCount: threads)
        let rateBefore = MatrixProductRate.measure(on: pool)
        var shape = BertConfiguration()
        shape.hiddenSize = 384
        shape.layerCount = 6
        shape.intermediateSize = 1536
        let model = BertClassifier(configuration: shape, labelCount: 4, seed: 1, pool: pool)
        model.store.setTrainable { configuration.trains($0.block) }
        let optimizer = AdamW(model.store)
        let batch = makeBatch(vocabulary: shape.vocabularySize)
        var times: [Double] = []
        for step in 0..<(steps + 2) {
            let start = DispatchTime.now().uptimeNanoseconds
            let loss = try model.forwardLoss(batch, dropout: DropoutState(seed: 1, step: UInt64(step)))
            model.backward()
            let norm = model.store.gradientNorm(on: pool)
            guard loss.isFinite, norm.isFinite else { throw UsageError(description: "step \(step): loss \(loss)") }
            optimizer.update(
                learningRate: 1e-4, gradientScale: norm > 1 ? Float(1 / (norm + 1e-6)) : 1, on: pool)
            model.store.zeroGradients(on: pool)
            if step >= 2 { times.append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9) }
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let memory = usage.ru_maxrss / 1024
        report(
            seconds: times.sorted()[times.count / 2], memory: memory,
            rate: max(rateBefore, MatrixProductRate.measure(on: pool)), shape)
    }

    private func makeBatch(vocabulary: Int) -> PackedBatch {
        var generator = SystemRandomNumberGenerator()
        return PackedBatch(
            sequences: (0..<batch).map { _ in
                (0..<length).map { _ in Int32.random(in: 5..<Int32(vocabulary), using: &generator) }
            }, labels: (0..<batch).map { _ in Int32.random(in: 0..<4, using: &generator) })
    }

    private func report(seconds: Double, memory: Int, rate: Double, _ shape: BertConfiguration) {
        func rounded(_ value: Double, _ digits: Double) -> JSONValue { JSONValue((value * digits).rounded() / digits) }
        let flops = Workload(configuration: configuration, shape: shape, batch: batch, length: length).operations
        let fields: [(String, JSONValue)] = [
            ("config", .string(configuration.rawValue)), ("threads", JSONValue(threads)),
            ("batch", JSONValue(batch)), ("length", JSONValue(length)), ("step_s", rounded(seconds, 1e4)),
            ("samples_per_s", rounded(Double(batch) / seconds, 100)),
            ("tokens_per_s", JSONValue(Int((Double(batch * length) / seconds).rounded()))),
            ("peak_rss_mib", JSONValue(memory)),
            ("sgemm_gflops", rounded(rate, 10)), ("fraction_of_sgemm", rounded(flops / seconds * 1e-9 / rate, 1e3)),
        ]
        if printsJSON {
            print(JSONValue.object(JSONObject(fields)).text)
        } else {
            for (name, value) in fields { print(name.padding(toLength: 18, withPad: " ", startingAt: 0), value.text) }
        }
    }
}
