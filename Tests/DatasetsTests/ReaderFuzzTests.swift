import FineTuning
import Testing

@testable import Datasets

@Suite struct ReaderFuzzTests {
    static let seeds = [
        "text,label\na,x\n\"b, \"\"c\"\"\nd\",y\n", "text\tlabel\na\tx\nb\ty\n",
        "{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"\\u00e9\", \"text_pair\": \"b\", \"label\": 2}\n",
        "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"x\"}]}\n",
    ]

    @Test(arguments: ["x.csv", "x.tsv", "x.jsonl", "x"], 0..<4)
    func `mutated files give rows and findings, and nothing else`(_ name: String, _ seed: Int) throws {
        var generator = PhiloxGenerator(seed: UInt64(seed), stream: 77)
        var rowCount = 0
        var findingCount = 0
        for round in 0..<120 {
            var bytes = Array(Self.seeds[(seed + round) % Self.seeds.count].utf8)
            for _ in 0...generator.number(below: 4) { mutate(&bytes, &generator) }
            let (rows, findings) = try FileRows.read(name, bytes, lineLimit: 200)
            let lineCount = bytes.count { $0 == 0x0A } + 1
            for row in rows {
                #expect((1...lineCount).contains(row.line))
                #expect(row.texts.allSatisfy { $0.contains { !$0.isWhitespace } })
                if case .label(let label) = row.answer { #expect(!label.isEmpty) }
            }
            for finding in findings {
                #expect(finding.line.map { (1...lineCount).contains($0) } ?? true)
                #expect(!finding.reason.isEmpty && !finding.fix.isEmpty)
            }
            #expect(rows.count + findings.count <= lineCount)
            rowCount += rows.count
            findingCount += findings.count
        }
        #expect(rowCount > 0)
        #expect(findingCount > 0)
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout PhiloxGenerator) {
        let place = Int(generator.number(below: UInt64(bytes.count)))
        let special = Array("\"\",\t\n\r{}[]:\\\u{0}é".utf8)
        switch generator.number(below: 5) {
        case 0: bytes[place] = UInt8(generator.number(below: 256))
        case 1: bytes[place] = special[Int(generator.number(below: UInt64(special.count)))]
        case 2: bytes.insert(special[Int(generator.number(below: UInt64(special.count)))], at: place)
        case 3: if bytes.count > 1 { bytes.remove(at: place) }
        default: bytes.insert(contentsOf: bytes[place..<min(place + 8, bytes.count)], at: place)
        }
    }
}
