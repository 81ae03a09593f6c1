import FineTuning
import Testing

@testable import Datasets

@Suite struct JSONLinesTests {
    func read(_ text: String, fields: FieldNames = FieldNames()) throws -> (rows: [Row], findings: [Finding]) {
        try FileRows.read("x.jsonl", text, fields: fields)
    }

    @Test func `labels may be strings, whole numbers or truth values`() throws {
        let (rows, findings) = try read(
            """
            {"text": "a", "label": "bug"}
            {"label": 3, "text": "b"}

            {"text": "c", "label": true, "more": [1, 2]}
            {"text": " d ", "label": " x "}
            """)
        #expect(findings.isEmpty)
        #expect(
            rows == [Row(1, "a", "bug"), Row(2, "b", "3"), Row(4, "c", "true"), Row(5, " d ", "x")])
    }

    @Test func `pairs are read where the file has them, or where they are named`() throws {
        let (rows, _) = try read(#"{"text": "a", "text_pair": "b", "label": "x"}"#)
        #expect(rows == [Row(1, "a", "x", pair: "b")])
        var fields = FieldNames()
        fields.text = "premise"
        fields.textPair = "hypothesis"
        fields.label = "gold"
        let (named, findings) = try read(
            """
            {"premise": "a", "hypothesis": "b", "gold": 0}
            {"premise": "a", "gold": 0}
            """, fields: fields)
        #expect(named == [Row(1, "a", "0", pair: "b")])
        #expect(findings.map(\.line) == [2])
        #expect(findings[0].field == "hypothesis")
    }

    @Test func `chat files work: the user's message is the text, the assistant's the label`() throws {
        let (rows, findings) = try read(
            """
            {"messages": [{"role": "system", "content": "Classify."}, {"role": "user", "content": "it broke"}, \
            {"role": "assistant", "content": "bug"}]}
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}, {"role": "assistant", "content": "other"}]}
            {"messages": [{"role": "user", "content": "no answer"}]}
            {"messages": "x"}
            """)
        #expect(rows == [Row(1, "it broke", "bug"), Row(2, "hi", "other")])
        #expect(findings.map(\.line) == [3, 4])
        #expect(findings.allSatisfy { $0.field == "messages" })
    }

    @Test(
        arguments: [
            ("not json", nil, "not valid JSON"), ("[1]", nil, "expected an object, got an array"),
            ("3", nil, "got a number"),
            (#"{"text": "a"}"#, "label", "missing"), (#"{"label": "a"}"#, "text", "missing"),
            (#"{"text": null, "label": "a"}"#, "text", "missing"),
            (#"{"text": 3, "label": "a"}"#, "text", "got a number"),
            (#"{"text": "a", "label": 1.5}"#, "label", "a number with a fraction"),
            (#"{"text": "a", "label": ["x"]}"#, "label", "got an array"),
            (#"{"text": "", "label": "x"}"#, "text", "empty"),
            (#"{"text": " \t\u00a0", "label": "x"}"#, "text", "empty"),
            (#"{"text": "a", "label": "  "}"#, "label", "empty"),
            (#"{"text": "a", "text": "b", "label": "x"}"#, nil, "twice"),
            (#"{"text": "a", "label": "x"} x"#, nil, "not valid JSON"),
            (#"{"text": "a", "label": "\ud800"}"#, nil, "surrogate"),
            (#"{"text": "a", "text_pair": 1, "label": "x"}"#, "text_pair", "number"),
        ] as [(String, String?, String)])
    func `a bad line is reported with its number, and the others are read`(
        _ bad: String, _ field: String?, _ reason: String
    ) throws {
        let good = #"{"text": "a", "label": "x"}"#
        let (rows, findings) = try read("\(good)\n\(bad)\n\(good)\n")
        #expect(rows.map(\.line) == [1, 3])
        try #require(findings.count == 1)
        #expect(findings[0].severity == .error)
        #expect(findings[0].line == 2)
        #expect(findings[0].field == field)
        #expect(findings[0].reason.contains(reason), "\(findings[0])")
        #expect(!findings[0].fix.isEmpty)
    }

    @Test func `a misspelt field is named with the field that is there`() throws {
        let (_, findings) = try read(#"{"text": "a", "lable": "x"}"#)
        #expect(findings.first?.fix.contains("rename \"lable\" to \"label\"") == true)
    }

    @Test func `an array of objects is read even if it is called JSON lines by its format only`() throws {
        let text = "[\n{\"text\": \"a\", \"label\": \"x\"},\n{\"text\": \"b\", \"label\": \"y\"}]"
        let (rows, findings) = try FileRows.read("x", text)
        #expect(findings.isEmpty)
        #expect(rows == [Row(2, "a", "x"), Row(3, "b", "y")])
    }

    @Test func `invalid UTF-8 is reported with line and byte, and not guessed`() throws {
        let bytes =
            Array("{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"caf".utf8) + [0xE9]
            + Array("\", \"label\": \"x\"}".utf8)
        let (rows, findings) = try FileRows.read("x.jsonl", bytes)
        #expect(rows.count == 1)
        #expect(findings.first?.line == 2)
        #expect(findings.first?.reason == "not UTF-8: byte 0xE9 at byte 14 of the line")
    }

    @Test func `a line that is too long ends the reading, with its number`() throws {
        let long = String(repeating: "x", count: 200)
        let (rows, findings) = try FileRows.read(
            "x.jsonl", "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"\(long)\",\"label\":\"x\"}\n{}", lineLimit: 100)
        #expect(rows.count == 1)
        #expect(findings.map(\.line) == [2])
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x7B, 0x00], "UTF-16"), ([0x1F, 0x8B, 0x08], "ends too early"),
            ([0x50, 0x4B, 0x03, 0x04], "zip"),
            ([0x50, 0x41, 0x52, 0x31], "Parquet"),
        ] as [([UInt8], String)])
    func `a file of another kind is told by its first bytes`(_ bytes: [UInt8], _ name: String) throws {
        let (_, findings) = try FileRows.read("x.jsonl", bytes)
        #expect(findings.count == 1)
        #expect(findings.first?.reason.contains(name) == true)
    }

    @Test func `all bad lines are counted, the first hundred listed`() {
        var list = FindingList()
        for line in 1...250 { list.append(Finding(.error, line: line, reason: "r", fix: "f")) }
        list.append(Finding(.warning, reason: "w", fix: "f"))
        #expect(list.errorCount == 250)
        #expect(list.warningCount == 1)
        #expect(list.kept.map(\.line) == (1...100).map { $0 })
    }
}
