internal import FineTuning
internal import Foundation
public import JSON
internal import Models
internal import POSIX
internal import Tensors
internal import Tokenizers

/// What there is to say of a model directory: the object of a model card.
///
/// The model is loaded for it, so that whoever has a description knows that the directory is whole.
public struct ModelDescription: Sendable {
    /// A part of the model and how many parameters it has.
    public struct Layer: Sendable, Hashable {
        /// `embeddings`, `encoder.layer.0`, …
        public var name: String
        /// Parameters.
        public var parameters: Int
    }

    /// `model_type` of `config.json`.
    public let family: String
    /// The parts in order, without those that the file does not have.
    public let layers: [Layer]
    /// The labels of the file's own head; nil where it has none.
    public let labels: [String]?
    /// The licence that the front matter of `README.md` names.
    public let license: String?
    private let tokenizerType: String
    private let vocabularySize: Int
    private let longestText: Int

    /// Describes a model directory.
    ///
    /// - Throws: `JobError` of code `invalid_model`.
    public init(directory: String) throws {
        let pretrained = try PretrainedModel(directory: directory)
        let own = try pretrained.ownHead()
        let head: PretrainedModel.Head = own.map { .kept($0) } ?? .new(.sequence(outputs: 2))
        let model = try pretrained.model(
            configuration: pretrained.configuration, head: head, seed: 0, pool: ThreadPool(threadCount: 1))
        family = pretrained.configuration.family.modelType
        let added = Set(model.report.initialised)
        layers = model.store.parameters.reduce(into: []) { layers, parameter in
            guard !added.contains(parameter.name) else { return }
            if layers.last?.name == parameter.block {
                layers[layers.count - 1].parameters += parameter.count
            } else {
                layers.append(Layer(name: parameter.block, parameters: parameter.count))
            }
        }
        labels = own?.outputs != nil ? pretrained.configuration.labels : nil
        license = try Self.license(directory)
        tokenizerType = pretrained.tokenizer.modelType
        vocabularySize = pretrained.tokenizer.vocabularySize
        longestText = pretrained.longestText
    }

    /// The description as JSON.
    public var json: JSONValue {
        [
            "family": .string(family), "parameters": JSONValue(layers.reduce(0) { $0 + $1.parameters }),
            "layers": .array(layers.map { ["name": .string($0.name), "parameters": JSONValue($0.parameters)] }),
            "tokenizer": [
                "type": .string(tokenizerType), "vocabulary_size": JSONValue(vocabularySize),
                "max_length": JSONValue(longestText),
            ],
            "labels": JSONValue(labels) { .array($0.map { .string($0) }) },
            "license": JSONValue(license) { .string($0) },
        ]
    }

    /// The value of `license:` between the two lines `---` at the start of `README.md`.
    private static func license(_ directory: String) throws -> String? {
        let path = "\(directory)/README.md"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let head = try FileDescriptor.open(path).read(upTo: 1 << 16)
        let lines = String(decoding: head, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.first == "---" else { return nil }
        for line in lines.dropFirst().prefix(while: { $0 != "---" }) where line.hasPrefix("license:") {
            let value = line.dropFirst("license:".count).trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))
            return value.isEmpty ? nil : value
        }
        return nil
    }
}
