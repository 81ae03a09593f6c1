import FineTuning
import Foundation
import JSON
import Testing
import Tokenizers

@testable import Datasets

@Suite struct TaskKindsTests {
    let files: TaskFiles

    init() throws { files = try TaskFiles() }

    func warnings(_ data: TaskData) -> [Finding] { data.report.findings.filter { $0.severity == .warning } }

    @Test func `several labels are numbered in the order of the union`() throws {
        var task = TaskSpecification()
        task.multiLabel = true
        let data = try files.load(
            task,
            """
            {"text": "a", "labels": ["z", "b"]}
            {"text": "b", "labels": []}
            {"text": "c", "labels": ["a", "z"]}
            {"text": "c", "labels": ["a"]}
            """)
        #expect(data.report.isValid)
        #expect(data.labels == ["a", "b", "z"])
        #expect((0..<4).map { data.training.labels(of: $0) } == [[1, 2], [], [0, 2], [0]])
        #expect(data.report.labels.map(\.count) == [2, 1, 2])
        #expect(data.report.preview[0].labels == ["z", "b"])
        #expect(
            warnings(data).contains {
                $0.line == 4 && $0.reason.contains("other labels") && $0.reason.contains("line 3")
            })
        let none = try files.load(task, "{\"text\": \"a\", \"labels\": []}")
        #expect(none.report.findings.map(\.reason).contains("no row has a label"))
    }

    @Test func `tags stand on the first piece of each word, and O is the first of them`() throws {
        let data = try files.load(
            TaskSpecification(.tokenClassification),
            """
            {"tokens": ["ab", "c", "def"], "tags": ["I-LOC", "O", "B-LOC"]}
            {"tokens": ["b", "c"], "tags": ["B-PER", "I-PER"]}
            """)
        #expect(data.report.isValid)
        #expect(data.labels == ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"])
        let first = data.training.sequence(of: 0)
        #expect(first.words == [-1, 0, 0, 1, 2, 2, 2, -1])
        #expect(first.tags == [-1, 2, -1, 0, 1, -1, -1, -1])
        #expect(data.training.sequence(of: 1).tags == [-1, 3, 4, -1])
        #expect(data.report.labels.map(\.count) == [1, 1, 1, 1, 1])
        #expect(data.report.entities == [LabelCount(label: "LOC", count: 2), LabelCount(label: "PER", count: 1)])
        #expect(try DataReport(JSONCursor(data.report.json)) == data.report)
        #expect(data.report.preview[0].tags == ["I-LOC", "O", "B-LOC"])
        let stray = try #require(warnings(data).first)
        #expect(stray.line == 1)
        #expect(stray.reason.contains("1 sentence has") && stray.reason.contains("\"I-LOC\" of word 1 at the start"))
    }

    @Test func `words without a token and words that are cut off lose their tags alone`() throws {
        let words = ["a", "\\u0000", "b"] + (0..<20).map { _ in "c" }
        let list = { (items: [String]) in items.map { "\"\($0)\"" }.joined(separator: ", ") }
        let tags = ["X", "Y", "Z"] + (0..<20).map { _ in "W" }
        let data = try files.load(
            TaskSpecification(.tokenClassification), "{\"tokens\": [\(list(words))], \"tags\": [\(list(tags))]}")
        let sequence = data.training.sequence(of: 0)
        #expect(sequence.count == 16)
        let names = sequence.tags.map { $0 < 0 ? "" : data.labels[Int($0)] }
        #expect(names[1...3] == ["X", "Z", "W"])
        #expect(names.last == "")
    }

    @Test func `scores are kept, far ones told, and constant ones refused`() throws {
        let task = TaskSpecification(.textRegression)
        let rows = (0..<40).map { "{\"text\": \"a\($0)\", \"score\": \(Double($0) / 8)}\n" }.joined()
        let data = try files.load(task, rows + "{\"text\": \"b\", \"score\": 5000}\n", split: 0.25)
        #expect(data.report.isValid)
        #expect(data.labels.isEmpty)
        #expect(data.training.count + data.validation.count == 41)
        #expect((10...11).contains(data.validation.count))
        #expect(warnings(data).contains { $0.line == 41 && $0.reason.contains("5000") })
        // Every quarter of the range is in the validation part.
        let held = (0..<data.validation.count).map { data.validation.score(of: $0) }
        for quarter in 0..<4 {
            #expect(held.contains { $0 >= Float(quarter) * 1.25 && $0 <= Float(quarter + 1) * 1.25 })
        }
        #expect(data.report.scores?.edges.first == 0)
        #expect(data.report.scores?.counts.reduce(0, +) == 41)
        #expect(try DataReport(JSONCursor(data.report.json)) == data.report)
        let constant = try files.load(task, "{\"text\": \"a\", \"score\": 2}\n{\"text\": \"b\", \"score\": 2}\n")
        #expect(constant.report.errors == 1)
    }

    @Test func `scores beyond a cosine are divided by the largest`() throws {
        var task = TaskSpecification(.textEmbedding)
        task.embedding?.loss = .cosine
        let data = try files.load(task, "a man here,a man,5.0\na dog here,a cat,2.5\n", name: "sts.csv")
        #expect(data.report.isValid)
        #expect((0..<2).map { data.training.score(of: $0) } == [1, 0.5])
        #expect(
            data.training.sequences(of: 0).map(\.ids) == [
                files.tokenizer.encode("a man here").ids, files.tokenizer.encode("a man").ids,
            ])
        #expect(warnings(data).contains { $0.reason.contains("divided by 5.0") })
        #expect(data.training.snippet(of: 1) == "a dog here · a cat")
    }

    @Test func `anchors, positives and negatives are sequences of their own`() throws {
        let data = try files.load(
            TaskSpecification(.textEmbedding),
            """
            {"anchor": "a", "positive": "b c", "negative": "d"}
            {"anchor": "a", "positive": "b"}
            """)
        #expect(data.training.sequences(of: 0).map(\.count) == [3, 4, 3])
        #expect(data.training.sequences(of: 1).map(\.count) == [3, 3])
        #expect(data.training.length(of: 0) == 10)
        #expect(data.report.preview[0].negative == "d")
        #expect(data.report.tokens == 16)
    }

    @Test func `plain text needs no answer`() throws {
        let data = try files.load(
            TaskSpecification(.maskedLanguageModeling), "One.\n\nTwo words\nOne.\n", name: "x.txt")
        #expect(data.report.isValid)
        #expect(data.training.count == 3)
        #expect(data.training.snippet(of: 1) == "Two words")
        #expect(data.training.line(of: 1) == 3)
        #expect(warnings(data).map(\.reason).contains { $0.contains("1 row repeats") })
    }

    @Test func `labels weigh in inverse proportion to their number, or as given`() throws {
        let rows = (0..<6).map { "{\"text\": \"a\($0)\", \"label\": \"\($0 < 4 ? "x" : "y")\"}\n" }.joined()
        #expect(try files.load(TaskSpecification(), rows).classWeights == [])
        #expect(try files.load(TaskSpecification(), rows) { $0.classWeights = .balanced }.classWeights == [0.75, 1.5])
        #expect(
            try files.load(TaskSpecification(), rows) { $0.classWeights = .weights(["y": 3]) }.classWeights == [1, 3])
        let even = try files.load(TaskSpecification(), rows) { $0.oversample = .balanced }
        #expect(even.oversampledClasses == [0, 0, 0, 0, 1, 1])
    }

    @Test func `a file in another encoding is told of once`() throws {
        var bytes: [UInt8] = []
        for number in 0..<50 {
            bytes += Array("{\"text\": \"caf".utf8) + [0xE9] + Array(" \(number)\", \"label\": 1}\n".utf8)
        }
        let source = try files.scratch.file("latin.jsonl", bytes)
        let report = try TaskData(
            training: source, task: TaskSpecification(), data: DataPipeline(), seed: 1, tokenizer: nil
        ).report
        #expect(report.errors == 1)
        #expect(
            report.findings.first?.reason.hasPrefix("50 lines are not UTF-8; the first: not UTF-8: byte 0xE9") == true)
        #expect(report.findings.first?.fix.contains("iconv") == true)
    }

    @Test func `long texts of masked language modeling are divided, and none of them is torn by the split`() throws {
        let texts = (0..<12).map { row in
            (0...(row * 5)).map { "\(row % 2 == 0 ? "ab" : "cde") \($0)" }.joined(separator: " ")
        }
        let data = try files.load(
            TaskSpecification(.maskedLanguageModeling), texts.joined(separator: "\n"), split: 0.25, name: "x.txt")
        #expect(data.report.isValid)
        #expect(data.report.rows == 12)
        #expect(data.report.validationRows == 3)
        #expect(data.training.count + data.validation.count > 30)
        #expect(Set(data.training.lines).isDisjoint(with: data.validation.lines))
        #expect(Set(data.training.lines + data.validation.lines) == Set(1...12))
        for part in [data.training, data.validation] {
            var tokens: [Int: [Int32]] = [:]
            for example in 0..<part.count {
                let ids = part.sequence(of: example).ids
                #expect(ids.count <= 16)
                #expect(ids.first == 1 && ids.last == 2)
                tokens[part.line(of: example), default: []] += ids.dropFirst().dropLast()
                #expect(
                    texts[part.line(of: example) - 1].hasSuffix(part.snippet(of: example))
                        || part.snippet(of: example).count == 160)
            }
            for (line, ids) in tokens {
                #expect(ids == files.tokenizer.encode(texts[line - 1], addsSpecialTokens: false).ids)
            }
        }
        let pieces = data.training.count + data.validation.count
        #expect(warnings(data).contains { $0.reason.contains("are divided, which makes \(pieces) examples in all") })
    }

    @Test func `dividing a text of many pieces takes linear time`() throws {
        let text = String(repeating: "é a ", count: 60_000)
        var data: TaskData?
        let time = try ContinuousClock().measure {
            data = try files.load(TaskSpecification(.maskedLanguageModeling), text + "\nb\n", name: "x.txt") {
                $0.maxLength = 8
            }
        }
        #expect(data?.training.count == 20_001)
        #expect(time < .seconds(30))
    }

    @Test func `the check without a tokenizer splits as training does`() throws {
        let rows = (0..<97).map { "{\"text\": \"a\($0)\", \"label\": \"\($0 % 3)\"}\n" }.joined()
        let checked = try files.load(TaskSpecification(), rows, split: 0.2, tokenized: false)
        let trained = try files.load(TaskSpecification(), rows, split: 0.2)
        #expect(checked.report.validationRows == trained.validation.count)
    }

    @Test(
        arguments: [
            ([0, 0.25, 4.9, 5], 0, 0.5), ([1], 1, 2), ([-1, 1], -1, -0.8), ([-3e6, 4e6], -3e6, -2.5e6),
        ] as [([Float], Double, Double)])
    func `a score histogram has round edges and holds every score`(
        _ scores: [Float], _ first: Double, _ second: Double
    ) throws {
        let histogram = try #require(ScoreHistogram(scores))
        #expect(histogram.counts.reduce(0, +) == scores.count)
        #expect(histogram.counts.count <= 20 && histogram.edges.count == histogram.counts.count + 1)
        #expect(histogram.edges[0] == first)
        #expect(histogram.edges[1] == second)
        #expect(Double(scores.max()!) <= histogram.edges.last!)
    }

    @Test func `nothing stays in the directory of the examples`() throws {
        let data = try files.load(TaskSpecification(.maskedLanguageModeling), "a b\nc d\n", name: "x.txt")
        #expect(data.training.count == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.scratch.path) == ["x.txt"])
    }

    @Test func `a directory that is not there is named`() throws {
        #expect {
            _ = try ExampleWriter(directory: "/nonexistent")
        } throws: {
            "\($0)".contains("/nonexistent")
        }
    }
}
