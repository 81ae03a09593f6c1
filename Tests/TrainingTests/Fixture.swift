import Datasets
import FineTuning
import Foundation
import JSON
import Models
import Safetensors
import Tensors
import Testing
import Training

/// Files and small models that the tests of training share.
enum Fixture {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    /// A BERT of a few thousand random parameters, with a tokenizer.
    static let tinyBert = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "EndToEndTests/Fixtures/tiny-bert").path

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: folder.appending(path: name))))
    }

    /// An empty directory that is removed when `body` ends.
    static func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = FileManager.default.temporaryDirectory.appending(path: "training-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    /// The tiny BERT with a new head.
    static func model(labels: Int, dropout: Float? = nil, seed: UInt64 = 1) throws -> EncoderModel {
        var configuration = try EncoderConfiguration(directory: tinyBert)
        if let dropout {
            configuration.hiddenDropout = dropout
            configuration.attentionDropout = dropout
        }
        return try EncoderModel(
            weights: SafetensorsDirectory(path: tinyBert), configuration: configuration,
            head: .sequence(outputs: labels), keepsHead: false, seed: seed, pool: ThreadPool(threadCount: 2))
    }

    /// The classification of some examples by a model.
    static func task(
        _ model: EncoderModel, _ training: Examples, validation: Examples = Examples(),
        labels: [String] = ["a", "b", "c"], labelSmoothing: Double = 0
    ) throws -> TextClassificationTask {
        try TextClassificationTask(
            model: model, labels: labels, training: training, validation: validation, labelSmoothing: labelSmoothing,
            modelDirectory: tinyBert)
    }

    /// Sequences of random tokens, each of a class that its second token gives away.
    static func examples(_ count: Int, labels: Int) throws -> Examples {
        var writer = try ExampleWriter()
        for index in 0..<count {
            let label = index % labels
            let length = 4 + index * 7 % 13
            let ids = (0..<length).map { Int32($0 == 1 ? 20 + label : 50 + (index * 31 + $0 * 17) % 300) }
            try writer.append([TokenSequence(ids: ids)], target: .label(Int32(label)), line: index + 1)
        }
        return try writer.finish()
    }

    /// Sequences of given tokens and classes.
    static func examples(tokens: JSONValue?, classes: some Sequence<Int>) throws -> Examples {
        var writer = try ExampleWriter()
        for (line, (ids, label)) in zip(try #require(tokens?.array), classes).enumerated() {
            let ids = try #require(ids.array).compactMap { $0.integer.map(Int32.init) }
            try writer.append([TokenSequence(ids: ids)], target: .label(Int32(label)), line: line + 1)
        }
        return try writer.finish()
    }

    /// Batches in the order of the file.
    static func inOrder(_ count: Int, batchSize: Int) -> [[Int]] {
        stride(from: 0, to: count, by: batchSize).map { Array($0..<min($0 + batchSize, count)) }
    }
}
