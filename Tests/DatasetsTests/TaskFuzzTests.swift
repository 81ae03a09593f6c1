import FineTuning
import Foundation
import JSON
import Testing

@testable import Datasets

/// Whole files of rows whose fields hold what does not belong there, through every check.
@Suite struct TaskFuzzTests {
    static let tasks: [TaskSpecification] = {
        var several = TaskSpecification()
        several.multiLabel = true
        var cosine = TaskSpecification(.textEmbedding)
        cosine.embedding?.loss = .cosine
        return TaskKind.allCases.map { TaskSpecification($0) } + [several, cosine]
    }()

    static let names = [
        "text", "text_pair", "label", "labels", "score", "tokens", "tags", "anchor", "positive", "negative", "messages",
    ]

    /// Values as they stand in a file, good and bad ones.
    static let values = [
        "\"a b\"", "\"a b\"", "\"c\"", "\"c\"", "\"x\"", "0.5", "0.5", "2", "[\"a\", \"b\"]", "[\"B-X\", \"O\"]", "[]",
        "null", "true", "-0.0",
        "1e38", "-1e38", "1e39", "1e-320", "1e999", "123456789012345678901234567890", "\"\"", "\" \\u0000\"",
        "\"\\ud800\"", "\"\\ud83d\\ude00\"",
        "{}", "[[[[[[]]]]]]", "[1, null]",
        "[{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"x\"}]",
        "\"nan\"", "\"[\\\"a\\\"\"", "\"e\\u0301\"", "\"日本\"",
    ]

    @Test(arguments: tasks.indices, ["x.jsonl", "x.json", "x.csv", "x.tsv", "x.conll", "x.txt"])
    func `rows of foreign values give a sound report`(_ place: Int, _ name: String) throws {
        let task = Self.tasks[place]
        let files = try TaskFiles()
        var generator = PhiloxGenerator(seed: UInt64(place), stream: UInt64(name.utf8.count))
        for _ in 0..<6 {
            let text = file(name, task, &generator)
            let data = try files.load(task, text, validation: text, name: name) { $0.header = .auto }
            let report = data.report
            let lines = text.utf8.count { $0 == 0x0A } + 1
            for finding in report.findings {
                #expect(!finding.reason.isEmpty && !finding.fix.isEmpty)
                #expect(finding.line.map { (1...lines).contains($0) } ?? true)
            }
            #expect(try DataReport(JSONCursor(JSONValue(parsing: report.json.bytes))) == report)
            #expect(report.isValid || data.training.count == 0)
            for example in 0..<data.training.count {
                #expect(data.training.sequences(of: example).allSatisfy { (1...16).contains($0.count) })
            }
        }
    }

    private func file(_ name: String, _ task: TaskSpecification, _ generator: inout PhiloxGenerator) -> String {
        let shape = RowShape(task)
        let rows = (0..<12).map { _ in
            // The fields of the task, most often, and some that are not.
            (shape.ordered.map(\.rawValue) + [Self.names[pick(Self.names.count, &generator)]])
                .filter { _ in pick(12, &generator) > 0 }
                .map {
                    (name: $0, value: Self.values[pick(pick(2, &generator) == 0 ? 12 : Self.values.count, &generator)])
                }
        }
        let cells = { (value: String) in
            value.contains(",") || value.contains("\"") ? "\"\(value.replacing("\"", with: "\"\""))\"" : value
        }
        switch name {
        case "x.csv", "x.tsv":
            let heading = shape.ordered.map(\.rawValue)
            let separator = name == "x.csv" ? "," : "\t"
            return ([heading] + rows.map { $0.map { cells($0.value) } }).map { $0.joined(separator: separator) }.joined(
                separator: "\n")
        case "x.conll", "x.txt": return rows.map { $0.map(\.value).joined(separator: " ") }.joined(separator: "\n")
        default:
            let objects = rows.map { row in "{\(row.map { "\"\($0.name)\": \($0.value)" }.joined(separator: ", "))}" }
            return name == "x.json" ? "[\(objects.joined(separator: ",\n"))]" : objects.joined(separator: "\n")
        }
    }

    private func pick(_ count: Int, _ generator: inout PhiloxGenerator) -> Int {
        Int(generator.number(below: UInt64(count)))
    }

    @Test(arguments: [
        ("x.jsonl", "{\"text\": \""), ("x.csv", "text,label\n\""), ("x.csv", "text,label\na"),
        ("x.tsv", "text\tlabel\na"),
        ("x.conll", "a"), ("x.txt", "a"), ("x.json", "[{\"text\": \""), ("x.json", "["), ("x", ""),
    ])
    func `a line of 400 megabytes is given up after the first`(_ name: String, _ beginning: String) throws {
        let scratch = try Scratch()
        let source = try scratch.file(name, beginning)
        #expect(truncate(source.path, 400 << 20) == 0)
        var lines = 0
        let time = try ContinuousClock().measure {
            let task = TaskSpecification(name == "x.conll" ? .tokenClassification : .textClassification)
            let data = try TaskData(training: source, task: task, data: DataPipeline(), seed: 1, tokenizer: nil)
            #expect(data.report.rows == 0)
            #expect(data.report.errors > 0)
            lines = data.report.findings.compactMap(\.line).max() ?? 0
        }
        #expect((1...2).contains(lines))
        // Reading all of it would take minutes in a debug build.
        #expect(time < .seconds(60))
    }

    @Test func `brackets within brackets are told by their line`() throws {
        let deep = String(repeating: "[", count: 200_000)
        let read = try FileRows.read("x.jsonl", "{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \(deep)\n")
        #expect(read.rows == [Row(1, "a", "x")])
        #expect(read.findings.map(\.line) == [2])
    }
}
