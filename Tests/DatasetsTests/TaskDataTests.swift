import FineTuning
import Foundation
import JSON
import Testing
import Tokenizers

@testable import Datasets

@Suite struct TaskDataTests {
    let files: TaskFiles

    init() throws { files = try TaskFiles() }

    func load(
        _ training: String, validation: String? = nil, labels: [String]? = nil, split: Double = 0, maxLength: Int = 16,
        threads: Int = 1, tokenized: Bool = true
    ) throws -> TaskData {
        var task = TaskSpecification()
        task.labels = labels
        return try files.load(
            task, training, validation: validation, split: split, threads: threads, tokenized: tokenized
        ) { $0.maxLength = maxLength }
    }

    func line(_ text: String, _ label: String) -> String { "{\"text\": \"\(text)\", \"label\": \"\(label)\"}\n" }

    func reasons(_ data: TaskData, _ severity: Finding.Severity) -> [String] {
        data.report.findings.filter { $0.severity == severity }.map(\.description)
    }

    @Test func `a good file gives examples end to end and a report`() throws {
        let data = try load(line("b", "y") + line("a cd", "x") + line("e", "y") + line("f", "x"))
        #expect(data.report.isValid)
        #expect(data.labels == ["x", "y"])
        #expect(data.report.labels == [LabelCount(label: "x", count: 2), LabelCount(label: "y", count: 2)])
        #expect(data.training.count == 4)
        #expect((0..<4).map { data.training.length(of: $0) } == [3, 5, 3, 3])
        #expect(data.training.labels == [1, 0, 1, 0])
        #expect(data.training.lines == [1, 2, 3, 4])
        #expect(data.training.sequence(of: 1).ids == files.tokenizer.encode("a cd").ids)
        #expect(data.training.sequence(of: 1).types == [0, 0, 0, 0, 0])
        #expect(data.report.tokens == 14)
        #expect(data.report.rows == 4)
        #expect(data.report.validationRows == 0)
        #expect(data.report.preview.first == PreviewRow(line: 1, text: "b", label: "y"))
        #expect(data.report.lengths?.unit == .tokens)
        #expect(data.report.lengths?.counts.reduce(0, +) == 4)
        #expect(data.validation.count == 0)
    }

    @Test func `a text in which the tokenizer finds nothing is told by its line`() throws {
        let json: JSONValue = ["model": ["type": "BPE", "vocab": ["a": 0, "b": 1], "merges": .array([])]]
        var data = DataPipeline()
        data.validationSplit = 0
        let read = try TaskData(
            training: files.scratch.file("x.jsonl", line("ab", "x") + line("cd", "y") + line("ba", "y")),
            task: TaskSpecification(), data: data, seed: 1, tokenizer: Tokenizer(tokenizerJSON: json.bytes))
        #expect(read.report.errors == 1)
        #expect(reasons(read, .error).first?.contains("line 2") == true)
        #expect(reasons(read, .error).first?.contains("no token") == true)
    }

    @Test func `large rows come in small chunks and in their order`() throws {
        let long = String(repeating: "a ", count: 400_000)
        let text = (0..<14).map { line("\(long)\($0)", $0 % 2 == 0 ? "x" : "y") }.joined()
        let data = try load(text, threads: 2)
        #expect(data.training.lines == Array(1...14))
        #expect(data.training.labels == (0..<14).map { $0 % 2 })
    }

    @Test func `the second text of a pair is segment 1`() throws {
        let data = try load(
            #"{"text": "a", "text_pair": "b", "label": 0}"# + "\n" + #"{"text": "a", "text_pair": "c", "label": 1}"#)
        #expect(data.training.sequence(of: 0).types == [0, 0, 0, 1, 1])
    }

    @Test func `numbers are sorted by value, texts by their bytes`() throws {
        #expect(try load([10, 9, -1, 2].map { line("a\($0)", "\($0)") }.joined()).labels == ["-1", "2", "9", "10"])
        #expect(
            try load(["b", "10", "a", "é", "B"].map { line("a\($0)", $0) }.joined()).labels == [
                "10", "B", "a", "b", "é",
            ])
    }

    @Test func `the task's labels and their order are kept, an unknown label is an error`() throws {
        let data = try load(line("a", "y") + line("b", "x"), labels: ["y", "x", "z"])
        #expect(data.labels == ["y", "x", "z"])
        #expect(data.training.labels == [0, 1])
        #expect(reasons(data, .warning).contains { $0.contains("no example of the label \"z\"") })
        let wrong = try load(line("a", "billing") + line("b", "biling"), labels: ["billing", "bug"])
        #expect(wrong.report.errors == 2)
        #expect(wrong.report.findings.first?.line == 2)
        #expect(wrong.report.findings.first?.fix.contains("did you mean \"billing\"") == true)
        #expect(wrong.training.count == 0)
    }

    @Test func `an empty file, and a file with one label, are refused`() throws {
        #expect(
            reasons(try load(""), .error) == [
                #"the file has no rows; write one row a line, for example {"text": "…", "label": "…"}"#
            ])
        #expect(try load("\n\n").report.errors == 1)
        let one = try load(line("a", "x") + line("b", "x"))
        #expect(one.report.errors == 1)
        #expect(reasons(one, .error)[0].contains("all rows have the label \"x\""))
    }

    @Test func `rare labels and imbalance are warned of`() throws {
        let data = try load((0..<30).map { line("t\($0)", "often") }.joined() + line("r", "rare"))
        #expect(data.report.isValid)
        #expect(reasons(data, .warning).contains { $0.contains("one example only of the label \"rare\"") })
        #expect(reasons(data, .warning).contains { $0.contains("out of balance") && $0.contains("30") })
    }

    @Test func `duplicates and contradictions are warned of by line`() throws {
        let data = try load(line("a", "x") + line("b", "y") + line("a", "x") + line("b", "x") + line("a", "x"))
        let warnings = data.report.findings.filter { $0.severity == .warning }
        #expect(warnings.contains { $0.line == 4 && $0.reason.contains("\"y\" on line 2") })
        #expect(warnings.contains { $0.line == 3 && $0.reason.contains("2 rows repeat") })
    }

    @Test func `validation rows that are trained on are warned of`() throws {
        let data = try load(line("a", "x") + line("b", "y"), validation: line("c", "x") + line("b", "y"))
        #expect(data.report.validationRows == 2)
        #expect(data.validation.count == 2)
        #expect(data.training.count == 2)
        #expect(reasons(data, .warning).contains { $0.contains("1 of 2 validation rows") })
    }

    @Test func `a bad validation file is told apart`() throws {
        let data = try load(line("a", "x") + line("b", "y"), validation: line("c", "z") + "x\n")
        #expect(data.report.errors == 2)
        #expect(data.report.findings.prefix(2).allSatisfy { $0.reason.hasPrefix("validation file: ") })
        #expect(data.validation.count == 0)
        #expect(try load(line("a", "x") + line("b", "y"), validation: "").report.errors == 1)
    }

    @Test func `cut rows are counted`() throws {
        let data = try load(line("abcdefghijkl", "x") + line("b", "y"), maxLength: 8)
        #expect(data.training.length(of: 0) == 8)
        #expect(
            reasons(data, .warning).contains {
                $0.contains("1 of 2 rows are longer than 8 tokens") && $0.contains("14")
            })
    }

    @Test func `without a tokenizer lengths are words and nothing is encoded`() throws {
        let data = try load(line("one two three", "x") + line("b", "y"), tokenized: false)
        #expect(data.report.lengths == LengthHistogram(unit: .words, edges: [0, 1, 2, 3, 4], counts: [0, 1, 0, 1]))
        #expect(data.report.tokens == nil)
        #expect(data.training.count == 0)
    }

    @Test func `the number of threads changes nothing`() throws {
        var generator = PhiloxGenerator(seed: 9, stream: 0)
        let text = (0..<2000).map { _ in
            let word = String(
                (0..<generator.number(below: 30)).map { _ in
                    Character(Unicode.Scalar(UInt8(97 + generator.number(below: 26))))
                })
            return line("x" + word, "l\(generator.number(below: 3))")
        }.joined()
        let one = try load(text, split: 0.2, threads: 1)
        let many = try load(text, split: 0.2, threads: 5)
        #expect(one.training.equal(many.training))
        #expect(one.validation.equal(many.validation))
        #expect(one.report == many.report)
        #expect(one.report.validationRows == one.validation.count)
        #expect((390...410).contains(one.validation.count))
        #expect(one.report.tokens == one.training.tokenCount)
        #expect(Set(one.training.lines).isDisjoint(with: one.validation.lines))
    }

    @Test func `a report survives its JSON`() throws {
        let report = try load(line("a", "x") + "oops\n" + line("b", "y"), split: 0.1).report
        #expect(try DataReport(JSONCursor(report.json)) == report)
    }

    @Test func `a histogram's buckets hold every length, an outlier too`() throws {
        let lengths = (0..<50).map { (length: $0, count: 20) } + [(length: 40_000, count: 1)]
        let histogram = try #require(LengthHistogram(lengths, unit: .tokens))
        #expect(histogram.edges.count == histogram.counts.count + 1)
        #expect(histogram.counts.reduce(0, +) == 1001)
        #expect(histogram.counts.count <= 20)
        #expect(histogram.edges.last! == 40_001)
        #expect(histogram.edges[1] == 5)
        #expect(LengthHistogram([], unit: .tokens) == nil)
    }
}
