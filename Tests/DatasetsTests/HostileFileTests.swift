import FineTuning
import Foundation
import Testing

@testable import Datasets

/// Files that are made to take all memory or time: no more is kept of them than the longest line that is allowed.
@Suite struct HostileFileTests {
    private static let lineLimit = 1 << 16

    /// Reads a file to its end, counting what comes.
    private static func read(_ source: DataSource) throws -> (rows: Int, faults: Int, damage: String?) {
        var counts = (rows: 0, faults: 0, damage: String?.none)
        do throws(ReadingError) {
            let file = try DataFile(
                source, shape: .labelled(several: false), data: DataPipeline(), lineLimit: lineLimit)
            while let step = try file.records.next() {
                do throws(RowFault) {
                    switch step {
                    case .record(let record): _ = try file.parser.row(record)
                    case .fault(let fault): throw fault
                    }
                    counts.rows += 1
                } catch {
                    counts.faults += 1
                }
            }
        } catch {
            guard case .damaged(let reason, _) = error else { throw error }
            counts.damage = reason
        }
        return counts
    }

    /// Far more than any of these takes: what grows with the square of a file takes longer.
    private static func timed<Value>(_ body: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        let value = try body()
        #expect(ContinuousClock.now - start < .seconds(300))
        return value
    }

    @Test(arguments: [
        ("x.jsonl", "{\"text\": \"", "a"), ("x.jsonl", "", "["), ("x.jsonl", "{\"text\": ", "{\"a\":"),
        ("x.json", "[{\"text\": \"", "a"), ("x.json", "[{\"a\":", "["), ("x.json", "[{\"a\":", "{\"a\":"),
        ("x.csv", "text,label\n\"", "a"), ("x.csv", "text,label\n\"", "a\n"), ("x.csv", "text,label\n", ","),
        ("x.csv", "text,label\n", "\"\""), ("x.csv", "", "a,"), ("x.tsv", "text\tlabel\n", "\t"), ("x.csv", "", "\""),
        ("x", "", "\u{0}"),
    ])
    func `a line, record or element without end is given up at the limit`(
        _ name: String, _ start: String, _ rest: String
    ) throws {
        let text = start + String(repeating: rest, count: 30 * Self.lineLimit / rest.utf8.count)
        let source = try Scratch()
        let counts = try Self.timed { try Self.read(source.file(name, text)) }
        #expect(counts.rows == 0)
        // One fault for the file: not one for each line that was swallowed.
        #expect(counts.faults == 1)
    }

    @Test(arguments: [
        ("x.jsonl", "", "{\"text\":\"a\",\"label\":\"b\"}\n"), ("x.jsonl", "", "[\n"), ("x.jsonl", "", "\n"),
        ("x.csv", "text,label\n", "a,b\n"), ("x.csv", "text,label\n", "\"a\nb\",c\n"), ("x.csv", "text,label\n", ",\n"),
        ("x.json", "[{}", ",[]"),
    ])
    func `very many short rows take time in proportion`(_ name: String, _ start: String, _ row: String) throws {
        let source = try Scratch()
        let text = start + String(repeating: row, count: 20_000)
        let counts = try Self.timed { try Self.read(source.file(name, text)) }
        #expect(counts.rows + counts.faults <= 20_002)
    }

    @Test func `a bomb of good lines is given up where it is more than 64 MiB and 200 times its size`() throws {
        let scratch = try Scratch()
        let line = "{\"text\": \"a\", \"label\": \"b\"\(String(repeating: " ", count: 60_000))}"
        let source = try scratch.packed("x.jsonl.gz", from: "yes '\(line)' | head -c 100000000")
        let counts = try Self.timed { try Self.read(source) }
        #expect(counts.rows > 0 && counts.faults == 0)
        #expect(try #require(counts.damage).contains("beyond 200 times its size"))
    }
}
