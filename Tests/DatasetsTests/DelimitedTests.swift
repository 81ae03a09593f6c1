import FineTuning
import Testing

@testable import Datasets

@Suite struct DelimitedTests {
    @Test func `a row of more columns than any table has is refused, and the next one read`() throws {
        let commas = String(repeating: ",", count: DelimitedParser.columnLimit)
        let read = try FileRows.read("x.csv", "text,label\n\(commas)\na,x\n")
        #expect(read.rows == [Row(3, "a", "x")])
        #expect(read.findings.map(\.line) == [2])
        #expect(read.findings.first?.reason == "the row has more than \(DelimitedParser.columnLimit) columns")
    }

    func records(_ text: String, _ format: FileFormat = .commaSeparated) throws -> [[String]] {
        var parser = DelimitedParser(format: format)
        var records: [[String]] = []
        var rest = Array(text.utf8)[...]
        var number = 0
        while !rest.isEmpty {
            number += 1
            let end = rest.firstIndex(of: 0x0A)
            var bytes = Array(rest[..<(end ?? rest.endIndex)])
            rest = rest[(end.map { $0 + 1 } ?? rest.endIndex)...]
            var ending: [UInt8] = end == nil ? [] : [0x0A]
            if end != nil, bytes.last == 0x0D {
                bytes.removeLast()
                ending = [0x0D, 0x0A]
            }
            let step = try parser.take(SourceLine(number: number, bytes: bytes, ending: ending))
            if case .record(let record) = step { records.append(record.fields) }
        }
        return records
    }

    @Test(
        arguments: [
            ("a,b", [["a", "b"]]), ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
            ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
            (",", [["", ""]]), (",,\n", [["", "", ""]]), ("a,", [["a", ""]]), (",a", [["", "a"]]),
            (#""a","b""#, [["a", "b"]]), (#""a,b",c"#, [["a,b", "c"]]), (#""a ""b"" c",d"#, [[#"a "b" c"#, "d"]]),
            ("\"\",\"\"", [["", ""]]), ("\"\"\",\"\"\"", [["\",\""]]), ("\"\"\"\"", [["\""]]),
            (#""",b"#, [["", "b"]]),
            ("\"a\nb\",c", [["a\nb", "c"]]), ("\"a\r\nb\",c\r\n", [["a\r\nb", "c"]]),
            ("\"a\n\n\nb\",\"c\nd\"\n", [["a\n\n\nb", "c\nd"]]),
            (#"a"b,c"#, [[#"a"b"#, "c"]]), (#" "a",b"#, [[#" "a""#, "b"]]), (#""a","#, [["a", ""]]),
            ("\"\n\"\n", [["\n"]]),
            ("a;b,c", [["a;b", "c"]]), ("日本,é", [["日本", "é"]]), (#""a","b","#, [["a", "b", ""]]),
        ] as [(String, [[String]])])
    func `CSV is cut as RFC 4180 says`(_ text: String, _ expected: [[String]]) throws {
        #expect(try records(text) == expected)
    }

    @Test func `quotes mean nothing in TSV`() throws {
        #expect(try records("\"a\tb\"\n\t\n", .tabSeparated) == [["\"a", "b\""], ["", ""]])
    }

    @Test func `text behind a closing quote is refused`() {
        #expect(throws: RowFault.self) { try records(#""a"b,c"#) }
        #expect(throws: RowFault.self) { try records(#""a" ,c"#) }
    }

    @Test func `columns are found by the header, in any order`() throws {
        let (rows, findings) = try FileRows.read(
            "x.csv", "\u{FEFF}id,label, text \r\n1,bug,\"it broke,\nagain\"\r\n\r\n2,3,hello\r\n")
        #expect(findings.isEmpty)
        #expect(rows == [Row(2, "it broke,\nagain", "bug"), Row(5, "hello", "3")])
    }

    @Test func `GLUE's SST-2 layout is read with named fields`() throws {
        var fields = FieldNames()
        fields.text = "sentence"
        let (rows, findings) = try FileRows.read(
            "train.tsv", "label\tsentence\r\n0\t\"quotes\" stay \r\n1\tfine\r\n", fields: fields)
        #expect(findings.isEmpty)
        #expect(rows == [Row(2, "\"quotes\" stay ", "0"), Row(3, "fine", "1")])
    }

    @Test func `a pair column is taken where the header has it`() throws {
        let (rows, _) = try FileRows.read("x.tsv", "text\ttext_pair\tlabel\na\tb\tx\n")
        #expect(rows == [Row(2, "a", "x", pair: "b")])
    }

    @Test(
        arguments: [
            ("text,label\na,x\nb\nc,y\n", 3, nil, "this row has 1"),
            ("text,label\na,x\nb,y,z\nc,y\n", 3, nil, "this row has 3"),
            ("text,label\na,x\n,y\nc,y\n", 3, "text", "empty"), ("text,label\na,x\nb,\nc,y\n", 3, "label", "empty"),
            ("text,label\na,x\n\"b\"z,y\nc,y\n", 3, nil, "behind a closing quote"),
        ] as [(String, Int, String?, String)])
    func `a bad row is reported by its line, and the others are read`(
        _ text: String, _ line: Int, _ field: String?, _ reason: String
    ) throws {
        let (rows, findings) = try FileRows.read("x.csv", text)
        #expect(rows.map(\.line) == [2, 4])
        try #require(findings.count == 1)
        #expect(findings[0].line == line)
        #expect(findings[0].field == field)
        #expect(findings[0].reason.contains(reason))
    }

    @Test(arguments: [
        ("text\na\n", "one column only"), ("text,lable\na,x\n", "missing"), ("a,b\n1,2\n", "missing"),
        ("text,text,label\na,b,x\n", "two columns"), ("text;label\na;x\n", "one column only"),
    ]) func `a header that does not serve ends the reading`(_ text: String, _ reason: String) throws {
        let (rows, findings) = try FileRows.read("x.csv", text)
        #expect(rows.isEmpty)
        #expect(findings.count == 1)
        #expect(findings.first?.line == 1)
        #expect(findings.first?.reason.contains(reason) == true, "\(findings)")
    }

    @Test func `a quote that is never closed is reported where it was opened`() throws {
        let (rows, findings) = try FileRows.read("x.csv", "text,label\na,x\n\"b,y\nc,z\n")
        #expect(rows.map(\.line) == [2])
        #expect(findings.map(\.line) == [3])
    }

    @Test func `a quote that swallows the file is given up at the limit`() throws {
        let tail = String(repeating: "some text,label\n", count: 100)
        let (_, findings) = try FileRows.read("x.csv", "text,label\n\"b,y\n" + tail, lineLimit: 200)
        #expect(findings.map(\.line) == [2])
        #expect(findings.first?.reason.contains("never closed") == true)
    }

    @Test(arguments: [
        ("a.jsonl", "x", FileFormat.jsonLines), ("a.NDJSON", "x", .jsonLines), ("a.json", "x", .jsonLines),
        ("a.csv", "{", .commaSeparated), ("a.b.TSV", "{", .tabSeparated), ("data", " {\"a\":1}", .jsonLines),
        ("data.txt", "a\tb,c\n", .tabSeparated), ("data.txt", "a,b\n", .commaSeparated), ("", "", .jsonLines),
        ("data", "\u{FEFF}{\"a\": \"b,c\"}", .jsonLines),
    ])
    func `the format is told by the name, else by the first line`(
        _ name: String, _ text: String, _ format: FileFormat
    ) {
        #expect(FileFormat.detect(name: name, firstBytes: text.utf8, shape: .labelled(several: false)) == format)
    }
}
