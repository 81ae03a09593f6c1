import FineTuning
import Foundation
import JSON
import Tokenizers

@testable import Datasets

/// A directory of data files that is gone when the value is.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "datasets-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> DataSource {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(filePath: file))
        return DataSource(path: file)
    }

    func file(_ name: String, _ text: String) throws -> DataSource { try file(name, text.utf8) }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension DatasetReader {
    /// The rows and findings of a file with these contents.
    static func read(
        _ name: String, _ bytes: some Sequence<UInt8>, fields: FieldNames = FieldNames(), lineLimit: Int = 1 << 20
    ) throws -> (rows: [TextRow], findings: [Finding]) {
        let scratch = try Scratch()
        let reader = DatasetReader(
            source: try scratch.file(name, bytes), mapping: RowMapping(fields: fields), lineLimit: lineLimit)
        var rows: [TextRow] = []
        var findings = FindingList()
        try reader.read(findings: &findings) { rows.append($0) }
        return (rows, findings.kept)
    }

    static func read(
        _ name: String, _ text: String, fields: FieldNames = FieldNames(), lineLimit: Int = 1 << 20
    ) throws -> (rows: [TextRow], findings: [Finding]) {
        try read(name, text.utf8, fields: fields, lineLimit: lineLimit)
    }
}

extension TextRow {
    init(_ line: Int, _ text: String, _ label: String, pair: String? = nil) {
        self.init(line: line, text: text, textPair: pair, label: label)
    }
}

extension Tokenizer {
    /// A tokenizer that knows the letters a to z, each a token.
    static func letters() throws -> Tokenizer {
        var vocabulary: JSONObject = ["[UNK]": 0, "[CLS]": 1, "[SEP]": 2]
        for letter in "abcdefghijklmnopqrstuvwxyz" {
            vocabulary[String(letter)] = JSONValue(vocabulary.count)
            vocabulary["##\(letter)"] = JSONValue(vocabulary.count)
        }
        let json: JSONValue = [
            "normalizer": ["type": "BertNormalizer"], "pre_tokenizer": ["type": "BertPreTokenizer"],
            "post_processor": ["type": "BertProcessing", "cls": ["[CLS]", 1], "sep": ["[SEP]", 2]],
            "model": ["type": "WordPiece", "unk_token": "[UNK]", "vocab": .object(vocabulary)],
        ]
        return try Tokenizer(tokenizerJSON: json.bytes)
    }
}
