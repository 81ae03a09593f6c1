import FineTuning
import Testing

@testable import Datasets

@Suite struct RowShapeTests {
    @Test func `several labels are an array, a bar or a comma between them, or none`() throws {
        let shape = RowShape.labelled(several: true)
        let json = try FileRows.read(
            "x.jsonl", "{\"text\": \"a\", \"labels\": [\"x\", 2, \"x\"]}\n{\"text\": \"b\", \"labels\": []}\n",
            as: shape)
        #expect(json.findings.isEmpty)
        #expect(json.rows.map(\.answer) == [.labels(["x", "2"]), .labels([])])
        let csv = try FileRows.read(
            "x.csv", "text,labels\na,x|y z\nb,\"x,y\"\nc,\nd,\"[\"\"p\"\",\"\"q\"\"]\"\n", as: shape)
        #expect(csv.findings.isEmpty)
        #expect(
            csv.rows.map(\.answer) == [.labels(["x", "y z"]), .labels(["x", "y"]), .labels([]), .labels(["p", "q"])])
    }

    @Test(arguments: [
        ("1.5", 1.5), ("-2", -2), ("\"3.25\"", 3.25), ("1e2", 100),
    ])
    func `scores are numbers`(_ value: String, _ score: Double) throws {
        let read = try FileRows.read("x.jsonl", "{\"text\": \"a\", \"score\": \(value)}", as: .scored(pairs: false))
        #expect(read.rows.map(\.answer) == [.score(score)])
    }

    @Test(arguments: ["\"much\"", "true", "[1]", "\"nan\"", "\"\"", "1e39", "-1e300", "\"1e39\"", "\"inf\""])
    func `what is no number is no score`(_ value: String) throws {
        let read = try FileRows.read("x.jsonl", "{\"text\": \"a\", \"score\": \(value)}", as: .scored(pairs: false))
        #expect(read.rows.isEmpty)
        #expect(read.findings.map(\.field) == ["score"])
    }

    @Test(arguments: ["['a', 'b']", "[\"a\", \"b\"", "[\"a\" \"b\"]"])
    func `a column that is meant as an array and is none is told`(_ cell: String) throws {
        let quoted = cell.replacing("\"", with: "\"\"")
        for (file, shape) in [
            ("text,labels\na,\"\(quoted)\"\n", RowShape.labelled(several: true)),
            ("tokens,tags\na b,\"\(quoted)\"\n", RowShape.tagged),
        ] {
            let read = try FileRows.read("x.csv", file, as: shape)
            #expect(read.rows.isEmpty)
            #expect(read.findings.map(\.line) == [2])
            #expect(read.findings.first?.reason.contains("a text that is no JSON") == true)
        }
    }

    @Test func `words and labels may begin with a bracket`() throws {
        let words = try FileRows.read("x.csv", "tokens,tags\n[ 1 ] said,O O O O\n", as: .tagged)
        #expect(words.rows.map(\.content) == [.words(["[", "1", "]", "said"])])
        let labels = try FileRows.read("x.csv", "text,labels\na,[urgent|b\n", as: .labelled(several: true))
        #expect(labels.rows.map(\.answer) == [.labels(["[urgent", "b"])])
    }

    @Test func `a sentence of more bytes than a line may have is given up`() throws {
        let lines = String(repeating: "\(String(repeating: "a", count: 90)) O\n", count: 20)
        let read = try FileRows.read("x.conll", lines + "\nb O\n", as: .tagged, lineLimit: 200)
        #expect(read.rows.isEmpty)
        #expect(read.findings.map(\.line) == [1])
        #expect(read.findings.first?.reason.contains("200 bytes") == true)
    }

    @Test func `a scored pair of an embedding is two texts apart`() throws {
        let read = try FileRows.read(
            "x.jsonl", "{\"text\": \"a\", \"text_pair\": \"b\", \"score\": 1}\n{\"text\": \"a\", \"score\": 1}",
            as: .scored(pairs: true))
        #expect(read.rows.map(\.content) == [.apart(["a", "b"])])
        #expect(read.findings.map(\.field) == ["text_pair"])
    }

    @Test func `anchors have a positive, and a negative where the row has one`() throws {
        let read = try FileRows.read(
            "x.csv", "anchor,positive,negative\na,b,c\na,b,\n", as: .anchored)
        #expect(read.rows.map(\.content) == [.apart(["a", "b", "c"]), .apart(["a", "b"])])
    }

    @Test func `words and tags are as many`() throws {
        let read = try FileRows.read(
            "x.jsonl",
            "{\"tokens\": [\"U.N.\", \"official\"], \"tags\": [\"B-ORG\", \"O\"]}\n{\"tokens\": [\"a\"], \"tags\": []}",
            as: .tagged)
        #expect(read.rows == [Row(line: 1, content: .words(["U.N.", "official"]), answer: .tags(["B-ORG", "O"]))])
        #expect(read.findings.first?.reason == "there are 1 words and 0 tags")
    }

    @Test func `CoNLL sentences end with an empty line, whatever columns stand between word and tag`() throws {
        let text = """
            -DOCSTART- -X- -X- O

            # id 17 domain=en
            EU NNP B-NP B-ORG
            rejects VBZ B-VP O

            # O
            1 B-X

            alone
            b O

            Peter\tB-PER
            """
        let read = try FileRows.read("x.conll", text, as: .tagged)
        #expect(
            read.rows == [
                Row(line: 4, content: .words(["EU", "rejects"]), answer: .tags(["B-ORG", "O"])),
                Row(line: 7, content: .words(["#", "1"]), answer: .tags(["O", "B-X"])),
                Row(line: 13, content: .words(["Peter"]), answer: .tags(["B-PER"])),
            ])
        #expect(read.findings.map(\.line) == [10])
    }

    @Test func `plain text is a text a line`() throws {
        let read = try FileRows.read("x.txt", "One, two.\n\n{Three}\n", as: .plain)
        #expect(read.rows.map(\.texts) == [["One, two."], ["{Three}"]])
        #expect(read.rows.map(\.line) == [1, 3])
    }

    @Test func `an array's elements are rows with the lines on which they begin`() throws {
        let text =
            "\u{FEFF}[\n  {\"text\": \"a, ] \\\"}\", \"label\": \"x\"},\n  {\n \"text\": \"b\",\n \"label\": 1}\n, 3]\n"
        let read = try FileRows.read("x.json", text)
        #expect(read.rows == [Row(2, "a, ] \"}", "x"), Row(3, "b", "1")])
        #expect(read.findings.map(\.line) == [6])
        #expect(read.findings.first?.reason == "expected an object, got a number")
    }

    @Test(arguments: [
        ("[{\"text\": \"a\", \"label\": \"x\"}", 1, "never closed"),
        ("[{\"text\": \"a\", \"label\": \"x\"}] x", 1, "behind"),
        ("[{\"text\": \"a\", \"label\": \"x\"},\n]", 2, "comma"),
        ("[{\"text\": \"a\", \"label\": \"x\"},\n{\"text\":\n oops}]", 3, "not valid JSON"),
    ])
    func `what is wrong with an array is told by line`(_ text: String, _ line: Int, _ reason: String) throws {
        let read = try FileRows.read("x.json", text)
        #expect(read.findings.map(\.line) == [line])
        #expect(read.findings.first?.reason.contains(reason) == true, "\(read.findings)")
    }

    @Test func `a file without a header is told by what is in it`() throws {
        let scored = "A man dances.,A man is dancing.,5.0\nA dog.,A cat.,1.25\n"
        let read = try FileRows.read("dev.csv", scored, as: .scored(pairs: true))
        #expect(read.rows.map(\.line) == [1, 2])
        #expect(read.rows.map(\.answer) == [.score(5), .score(1.25)])
        let labelled = try FileRows.read("x.csv", "good film,pos\nbad film,neg\nfine,pos\n")
        #expect(labelled.rows == [Row(1, "good film", "pos"), Row(2, "bad film", "neg"), Row(3, "fine", "pos")])
        let header = try FileRows.read("x.csv", "review,sentiment\ngood film,pos\nbad film,pos\n")
        #expect(header.findings.first?.reason.contains("missing") == true)
        let anchored = try FileRows.read("x.tsv", "What is a cat?\tAn animal.\nb\tc\n", as: .anchored)
        #expect(anchored.rows.count == 2)
    }

    @Test func `a header is where data.header says, and columns may be named by their places`() throws {
        let rows = try FileRows.read("x.csv", "a,x\nb,y\n", header: .absent)
        #expect(rows.rows == [Row(1, "a", "x"), Row(2, "b", "y")])
        let wide = try FileRows.read("x.csv", "1,a,2,x\n3,b,4,y\n", header: .absent)
        #expect(wide.findings.first?.reason.contains("4 columns") == true)
        var fields = FieldNames()
        fields.text = "1"
        fields.label = "3"
        let placed = try FileRows.read("x.csv", "1,a,2,x\n3,b,4,y\n", fields: fields, header: .absent)
        #expect(placed.rows == [Row(1, "a", "x"), Row(2, "b", "y")])
        let present = try FileRows.read("x.csv", "a,x\nb,x\n", header: .present)
        #expect(present.findings.count == 1)
    }
}
