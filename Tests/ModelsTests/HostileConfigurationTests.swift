import Foundation
import JSON
import Models
import Safetensors
import Tensors
import SeededNumbers
import Testing

/// `config.json` files that ask for anything, beside the weights of a tiny model.
@Suite(.timeLimit(.minutes(3)))
struct HostileConfigurationTests {
    private static let names = [
        "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
        "max_position_embeddings", "type_vocab_size", "pad_token_id",
    ]

    private let directory: ModelDirectory
    private let weights: SafetensorsDirectory
    private let text: String

    init() throws {
        directory = try ModelDirectory()
        let model = try TinyEncoder.model(shape: HeadShape(pooling: .mean, hiddenSizes: [5, 6]))
        try directory.write(model, labels: ["a", "b", "c"])
        weights = try SafetensorsDirectory(path: directory.path)
        text = try String(contentsOfFile: directory.path + "/config.json", encoding: .utf8)
    }

    /// Loads the weights with the directory's `config.json` changed.
    private func load(_ change: (inout JSONObject) -> Void) throws -> EncoderModel {
        var object = try #require(JSONValue(parsing: text).object)
        change(&object)
        try directory.write(config: JSONValue.object(object).text)
        return try directory.load(threads: 1)
    }

    @Test(arguments: [
        ("vocab_size", 10_000_000), ("hidden_size", 65_535), ("intermediate_size", 1_048_576),
        ("max_position_embeddings", 1_048_576), ("type_vocab_size", 65_536),
    ])
    func `a size that the weights do not have is refused before it gets memory`(name: String, size: Int) throws {
        let error = #expect(throws: ModelError.self) { try load { $0[name] = JSONValue(size) } }
        #expect(error.map { "\($0)" }?.contains("config.json asks for [\(name == "hidden_size" ? 50 : size)") == true)
    }

    @Test func `the largest model that may be described gets no memory without its weights`() throws {
        // 1,000 layers of 65,536 × 1,048,576 numbers: more than any machine can even reserve.
        #expect(throws: ModelError.self) {
            try load { object in
                for (name, size) in zip(Self.names, [10_000_000, 65_536, 1_000, 65_536, 1_048_576, 1_048_576, 65_536]) {
                    object[name] = JSONValue(size)
                }
            }
        }
    }

    @Test func `more layers than the weights have are named`() throws {
        let error = #expect(throws: ModelError.self) { try load { $0["num_hidden_layers"] = 1_000 } }
        #expect(error.map { "\($0)" }?.contains("\"encoder.layer.3.attention.self.query.weight\" is missing") == true)
    }

    @Test func `a hidden layer of the head that the weights do not have is refused`() throws {
        let error = #expect(throws: ModelError.self) {
            try load { $0["finetuned_head"] = ["pooling": "mean", "hidden_sizes": [65_536, 65_536]] }
        }
        #expect(error.map { "\($0)" }?.contains("config.json asks for [65536, 24]") == true)
    }

    @Test func `a description of a gigabyte is not read`() throws {
        let path = directory.path + "/config.json"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        #expect(truncate(path, 1 << 30) == 0)
        let error = #expect(throws: ModelError.self) { try EncoderConfiguration(directory: directory.path) }
        #expect(error.map { "\($0)" }?.contains("longer than 16 MiB") == true)
    }

    /// Values for a field, most of which no field can have.
    private static let values: [JSONValue] = [
        0, 1, -1, 2, 3, 24, 32, 40, 50, 65_536, 1_048_576, 10_000_000, 2_147_483_648, .integer(.max), .integer(.min),
        .number(0.5), .number(-0.1), .number(1e300), "", "gelu", "24", "bert", "roberta", "distilbert", .null,
        .bool(true), .bool(false), [], [:], [1, 2], ["0": "x"], ["pooling": "max", "hidden_sizes": [7]],
    ]

    @Test(arguments: 0..<8) func `a changed description is refused with its reason, or fits the weights`(
        _ seed: Int
    ) throws {
        var generator = SplitMix(seed: UInt64(seed))
        let pool = ThreadPool(threadCount: 1)
        let original = try #require(JSONValue(parsing: text).object)
        let keys = original.names + ["classifier_dropout", "problem_type", "finetuned_head", "is_decoder"]
        // Twice over: a new head, and a pooler that the file need not have.
        let most = 2 * weights.names.reduce(0) { $0 + (weights.tensor(named: $1)?.count ?? 0) }
        var accepted = 0
        for _ in 0..<3_000 {
            var bytes: [UInt8]
            if Int.random(in: 0..<3, using: &generator) == 0 {
                bytes = Array(text.utf8)
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let place = Int.random(in: 0..<bytes.count, using: &generator)
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &generator), at: place)
                    }
                }
            } else {
                var object = original
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    object[keys.randomElement(using: &generator)!] = Self.values.randomElement(using: &generator)!
                }
                bytes = JSONValue.object(object).bytes
            }
            do {
                let configuration = try EncoderConfiguration(json: JSONValue(parsing: bytes))
                let head = try configuration.head(in: weights)
                let model = try EncoderModel(
                    weights: weights, configuration: configuration, head: head ?? .sequence(outputs: 2),
                    keepsHead: head != nil, seed: 1, pool: pool)
                #expect(model.store.count <= most)
                accepted += 1
            } catch is JSONSyntaxError {
            } catch let fault as JSONFault {
                #expect(!fault.description.isEmpty)
            } catch let error as ModelError {
                #expect(!error.description.isEmpty)
            } catch {
                Issue.record("an error of another kind: \(error)")
            }
        }
        #expect(accepted > 0 && accepted < 3_000)
    }
}
