import FineTuning
import Foundation
import Testing

@testable import Datasets

@Suite struct GzipTests {
    let text = (0..<5000).map { "{\"text\": \"row \($0 * 7919 % 5000)\", \"label\": \"\($0 % 2)\"}\n" }.joined()

    /// What gzip(1) makes of bytes.
    func packed(_ bytes: some Sequence<UInt8>) throws -> [UInt8] {
        let scratch = try Scratch()
        let plain = try scratch.file("plain", bytes)
        return Array(try Data(contentsOf: URL(filePath: scratch.packed("x.gz", from: "cat '\(plain.path)'").path)))
    }

    @Test func `a packed file has the rows and lines of the plain one`() throws {
        let plain = try FileRows.read("x.jsonl", text)
        let read = try FileRows.read("x.jsonl.gz", try packed(text.utf8))
        #expect(read.rows.count == 5000)
        #expect(read.rows == plain.rows)
        #expect(read.findings.isEmpty)
    }

    @Test func `the format of a packed file is told by the name before gz, and packing by the bytes`() throws {
        #expect(try FileRows.read("x.csv.gz", try packed("text,label\na,x\n".utf8)).rows == [Row(2, "a", "x")])
        #expect(try FileRows.read("x.tsv", try packed("text\tlabel\na\tx\n".utf8)).rows == [Row(2, "a", "x")])
    }

    @Test func `members one behind another are one file, and zeros behind them padding`() throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map { $0 + "\n" }
        let bytes =
            try packed(lines[..<1234].joined().utf8) + packed(lines[1234...].joined().utf8)
            + [UInt8](repeating: 0, count: 512)
        let read = try FileRows.read("x.jsonl.gz", bytes)
        #expect(read.rows.count == 5000)
        #expect(read.findings.isEmpty)
    }

    @Test func `a cut file is an error that names the byte, behind the rows before it`() throws {
        let bytes = try packed(text.utf8)
        let read = try FileRows.read("x.jsonl.gz", bytes.prefix(bytes.count / 2))
        #expect(read.findings.last?.reason == "the gzip file ends too early, at byte \(bytes.count / 2)")
    }

    @Test func `a damaged file is an error that names the byte`() throws {
        var bytes = try packed(text.utf8)
        bytes[bytes.count - 6] ^= 0xFF
        let read = try FileRows.read("x.jsonl.gz", bytes)
        let reason = try #require(read.findings.last?.reason)
        #expect(reason.contains("damaged at byte"))
        #expect(reason.contains("incorrect data check"))
    }

    @Test func `any flipped byte gives rows and findings, and nothing else`() throws {
        let good = try packed("{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"b\", \"label\": \"y\"}\n".utf8)
        for place in good.indices.dropFirst(2) {
            var bytes = good
            bytes[place] ^= 0x55
            let read = try FileRows.read("x.jsonl.gz", bytes)
            #expect(read.rows.count <= 2)
        }
    }

    @Test func `a bomb is given up at the ratio and at the size`() throws {
        let bomb = try packed([UInt8](repeating: UInt8(ascii: "\n"), count: 4 << 20))
        let scratch = try Scratch()
        let source = try scratch.file("x.gz", bomb)
        for limits in [GzipLimits(ratio: 100, allowance: 1 << 20), GzipLimits(size: 1 << 20)] {
            let bytes = try ByteSource(path: source.path, limits: limits)
            var total = 0
            let error = #expect(throws: ReadingError.self) {
                while case let more = try bytes.next(), !more.isEmpty { total += more.count }
            }
            #expect(total <= (1 << 20) + ByteSource.bufferSize)
            guard case .damaged(let reason, _)? = error else {
                Issue.record("not told as damage: \(String(describing: error))")
                continue
            }
            #expect(reason.contains("beyond"))
        }
    }
}
