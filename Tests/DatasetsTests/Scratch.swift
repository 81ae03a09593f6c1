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

    /// A file of what gzip(1) makes of a shell command's output.
    func packed(_ name: String, from command: String) throws -> DataSource {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "\(command) | gzip -n -c > '\(path)/\(name)'"]
        try process.run()
        process.waitUntilExit()
        return DataSource(path: path + "/" + name)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Reads files row by row.
enum FileRows {
    /// The rows and findings of a file with these contents.
    static func read(
        _ name: String, _ bytes: some Sequence<UInt8>, as shape: RowShape = .labelled(several: false),
        fields: FieldNames = FieldNames(), format: FileFormat = .auto, header: HeaderRow = .auto,
        lineLimit: Int = 1 << 20
    ) throws -> (rows: [Row], findings: [Finding]) {
        let scratch = try Scratch()
        let source = try scratch.file(name.isEmpty ? "x" : name, bytes)
        var data = DataPipeline()
        data.fields = fields
        data.format = format
        data.header = header
        var read: (rows: [Row], findings: [Finding]) = ([], [])
        do throws(ReadingError) {
            let file = try DataFile(source, shape: shape, data: data, lineLimit: lineLimit)
            while let step = try file.records.next() {
                do throws(RowFault) {
                    switch step {
                    case .record(let record): read.rows.append(try file.parser.row(record))
                    case .fault(let fault): throw fault
                    }
                } catch {
                    read.findings.append(error.finding)
                }
            }
        } catch {
            guard case .damaged(let reason, let fix) = error else { throw error }
            read.findings.append(Finding(.error, reason: reason, fix: fix))
        }
        return read
    }

    static func read(
        _ name: String, _ text: String, as shape: RowShape = .labelled(several: false),
        fields: FieldNames = FieldNames(), format: FileFormat = .auto, header: HeaderRow = .auto,
        lineLimit: Int = 1 << 20
    ) throws -> (rows: [Row], findings: [Finding]) {
        try read(
            name, text.utf8, as: shape, fields: fields, format: format, header: header, lineLimit: lineLimit)
    }
}

extension Row {
    init(_ line: Int, _ text: String, _ label: String, pair: String? = nil) {
        self.init(line: line, content: .text(text, pair: pair), answer: .label(label))
    }
}

extension Examples {
    /// Whether tokens, lines and snippets are the same.
    func equal(_ other: Examples) -> Bool {
        count == other.count
            && (0..<count).allSatisfy {
                sequences(of: $0) == other.sequences(of: $0) && line(of: $0) == other.line(of: $0)
                    && snippet(of: $0) == other.snippet(of: $0)
            }
    }

    var lines: [Int] { (0..<count).map { line(of: $0) } }
    var labels: [Int32] { (0..<count).map { label(of: $0) } }
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
