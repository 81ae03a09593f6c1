import SeededNumbers
import Testing

@testable import HTTP

struct HeaderInjectionTests {
    /// The lines of an encoded head, without the empty ones at its end.
    private func lines(_ headers: Headers) -> [[UInt8]] {
        var bytes: [UInt8] = []
        ResponseEncoder.appendHead(
            .ok, headers, framing: .none, persistence: .implied, date: Array("D".utf8), id: "req_1", to: &bytes)
        return bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// Random texts in which the dangerous characters are frequent.
    private func text(_ random: inout SplitMix) -> String {
        let dangerous = [
            "\r", "\n", "\r\n", "\0", "\u{7F}", "\u{1B}", "\u{85}", "\u{2028}", "\"", "\\", ";", "\t", ":", "%",
        ]
        return (0..<Int.random(in: 0...12, using: &random)).map { _ in
            Bool.random(using: &random)
                ? dangerous.randomElement(using: &random) ?? ""
                : String(Unicode.Scalar(UInt32.random(in: 0..<0xD800, using: &random)) ?? "x")
        }
        .joined()
    }

    @Test func `whatever text becomes a value, a field stays one line of allowed octets`() {
        var random = SplitMix(seed: 6)
        for _ in 0..<20_000 {
            let (first, second, third) = (text(&random), text(&random), text(&random))
            var headers: Headers = ["X-First": first]
            headers.append("X-Second", second)
            headers["X-Third"] = third
            headers["Content-Disposition"] = ContentDisposition.attachment(first)
            let lines = lines(headers)
            // The status line, Date, x-request-id, the four fields, and the empty line that ends the head.
            #expect(lines.count == 9)
            for line in lines.dropLast() {
                #expect(line.last == UInt8(ascii: "\r"))
                #expect(line.dropLast().allSatisfy { $0.isFieldValue })
            }
            #expect(lines[3].starts(with: "X-First: ".utf8) && lines[6].starts(with: "Content-Disposition: ".utf8))
        }
    }

    @Test(arguments: Array(UInt8(0)...0x1F) + [0x7F])
    func `a control octet becomes a space, a tab stays`(octet: UInt8) {
        let value = "a\(Character(Unicode.Scalar(octet)))b"
        var headers: Headers = [:]
        headers.append("X-Name", value)
        #expect(headers["X-Name"] == (octet == 0x09 ? value : "a b"))
    }

    @Test func `a name for saving is of visible ASCII alone, and says the whole name`() {
        var random = SplitMix(seed: 7)
        for _ in 0..<20_000 {
            let name = text(&random)
            let value = ContentDisposition.attachment(name)
            #expect(value.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
            let quoted = value.dropFirst("attachment; filename=\"".count).prefix { $0 != "\"" }
            let rest = value.dropFirst("attachment; filename=\"".count + quoted.count + 1)
            if rest.isEmpty {
                #expect(String(quoted) == name)
            } else {
                #expect(rest.hasPrefix("; filename*=UTF-8''"))
                let encoded = rest.dropFirst("; filename*=UTF-8''".count)
                #expect(PercentEncoding.decode(encoded.utf8).map { String(decoding: $0, as: UTF8.self) } == name)
            }
        }
    }
}
