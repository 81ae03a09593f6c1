import Foundation
import Testing

@testable import Datasets

@Suite struct LineReaderTests {
    func lines(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [LineReader.Next] {
        let scratch = try Scratch()
        let reader = try LineReader(path: scratch.file("x", bytes).path, limit: limit)
        var result: [LineReader.Next] = []
        while true {
            let next = try reader.next()
            result.append(next)
            guard case .line = next else { return result }
        }
    }

    func texts(_ text: String) throws -> [String] {
        try lines(Array(text.utf8)).compactMap {
            if case .line(let line) = $0 { String(decoding: line.bytes, as: UTF8.self) } else { nil }
        }
    }

    @Test func `line feeds, carriage returns and a missing last end are all lines`() throws {
        #expect(try texts("a\nb\r\n\r\n\nc") == ["a", "b", "", "", "c"])
        #expect(try texts("a\n") == ["a"])
        #expect(try texts("").isEmpty)
        #expect(try texts("a\rb\n") == ["a\rb"])
    }

    @Test func `a byte order mark is taken off the first line only`() throws {
        #expect(try texts("\u{FEFF}a\n\u{FEFF}b") == ["a", "\u{FEFF}b"])
    }

    @Test func `lines longer than the reader's buffer come whole`() throws {
        let long = String(repeating: "x", count: 300_000)
        #expect(try texts("a\n\(long)\nb") == ["a", long, "b"])
    }

    @Test func `a line at the limit is read, one byte more is refused by number`() throws {
        let fits = try lines(Array("ab\nabcd\r\nx".utf8), limit: 4)
        #expect(fits.count == 4)
        #expect(try lines(Array("ab\nabcde\nx".utf8), limit: 4).last == .tooLong(number: 2))
        #expect(try lines(Array("abcde".utf8), limit: 4) == [.tooLong(number: 1)])
    }

    @Test func `a line of 1 GiB is refused after a bounded read`() throws {
        let scratch = try Scratch()
        let source = try scratch.file("x.jsonl", "{}\n")
        // A file with a hole: a gibibyte of zeros that takes no space.
        #expect(truncate(source.path, 1 << 30) == 0)
        let clock = ContinuousClock()
        let time = try clock.measure {
            let reader = try LineReader(path: source.path)
            _ = try reader.next()
            #expect(try reader.next() == .tooLong(number: 2))
        }
        #expect(time < .seconds(2))
    }

    @Test func `a missing file is named`() {
        #expect {
            let reader = try LineReader(path: "/nonexistent/file")
            _ = try reader.next()
        } throws: {
            "\($0)".contains("/nonexistent/file")
        }
    }

    @Test func `the first byte that is not UTF-8 is found`() {
        let cases: [([UInt8], Int)] = [
            ([0x61, 0xE9, 0x62], 1), ([0xC3], 0), ([0x61, 0xF0, 0x9F, 0x98], 1), ([0xC3, 0xA9, 0xFF], 2),
            ([0xC0, 0xAF], 0),
            ([0x61, 0xED, 0xA0, 0x80], 1),
        ]
        for (bytes, position) in cases {
            let line = SourceLine(number: 1, bytes: bytes, ending: [])
            #expect(line.text() == .failure(SourceLine.InvalidByte(position: position, value: bytes[position])))
        }
    }
}
