import Foundation
import JSON
import Models
import Safetensors
import Tensors

/// A tiny encoder with a head and what PyTorch computes with it; made by Scripts/make_encoder_fixtures.py.
struct EncoderFixture {
    let name: String
    let directory: String
    let expected: JSONValue

    static let names =
        ["bert", "roberta", "distilbert"].flatMap { family in
            ["sequence", "token", "mlm", "embedding"].map { "\(family)-\($0)" }
        } + ["bert-sequence-tanh", "xlm-roberta-sequence"]

    init(_ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
        self.name = name
        directory = folder.path
        expected = try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appending(path: "expected.json"))))
    }

    func model(threads: Int = 2) throws -> EncoderModel {
        try EncoderModel(
            weights: SafetensorsDirectory(path: directory), configuration: EncoderConfiguration(directory: directory),
            head: head, keepsHead: true, seed: 1, pool: ThreadPool(threadCount: threads))
    }

    var head: HeadConfiguration {
        let labels = Int(expected["labels"]?.integer ?? 0)
        return switch expected["head"]?.string {
        case "sequence": .sequence(outputs: labels)
        case "token": .token(outputs: labels)
        case "mlm": .maskedLanguageModel
        case "cls": .embedding(pooling: .cls, normalizes: false)
        case "max": .embedding(pooling: .max, normalizes: false)
        default: .embedding(pooling: .mean, normalizes: true)
        }
    }

    /// A batch, the rows whose outputs are wanted, and the labels of the outputs.
    struct Batch {
        let packed: PackedBatch
        let rows: [Int32]?
        let labels: [Int32]
    }

    var batches: [Batch] {
        (expected["batches"]?.array ?? []).map { batch in
            Batch(
                packed: PackedBatch(sequences: rows(batch["tokens"]), tokenTypes: rows(batch["types"])),
                rows: batch["rows"].map(integers), labels: integers(batch["labels"]))
        }
    }

    func number(_ name: String) -> Float { Float(expected[name]?.number ?? .nan) }

    func matrix(_ name: String) -> [Float] {
        (expected[name]?.array ?? []).flatMap { ($0.array ?? []).map { Float($0.number ?? .nan) } }
    }

    var steps: [(rate: Float, loss: Float, norm: Float)] {
        (expected["steps"]?.array ?? []).map { step in
            func number(_ name: String) -> Float { Float(step[name]?.number ?? .nan) }
            return (number("rate"), number("loss"), number("norm"))
        }
    }

    private func integers(_ value: JSONValue?) -> [Int32] { (value?.array ?? []).map { Int32($0.integer ?? -1) } }

    private func rows(_ value: JSONValue?) -> [[Int32]] { (value?.array ?? []).map { integers($0) } }
}

/// The largest difference, relative to the largest expected magnitude.
func relativeError(_ found: [Float], _ expected: [Float]) -> Float {
    guard found.count == expected.count, !expected.isEmpty else { return .infinity }
    let scale = expected.map(abs).max() ?? 0
    let difference = zip(found, expected).map { abs($0 - $1) }.reduce(Float(0)) { $1.isNaN ? .infinity : max($0, $1) }
    return difference / max(scale, 1e-6)
}
