import Foundation
import Testing

@testable import HTTP

struct ResponseEncoderTests {
    private func head(
        _ headers: Headers, _ framing: ResponseEncoder.Framing, _ persistence: ResponseEncoder.Persistence = .implied
    ) -> String {
        var bytes: [UInt8] = []
        ResponseEncoder.appendHead(
            .ok, headers, framing: framing, persistence: persistence, date: Array("D".utf8), id: "req_1", to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a head has its fields in order and ends with an empty line`() {
        #expect(
            head(["B": "2", "A": "1"], .length(1234567890))
                == "HTTP/1.1 200 OK\r\nDate: D\r\nx-request-id: req_1\r\nB: 2\r\nA: 1\r\nContent-Length: 1234567890\r\n\r\n"
        )
        #expect(head([:], .chunked, .close).hasSuffix("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"))
        #expect(head([:], .length(0), .keepAlive).hasSuffix("Content-Length: 0\r\nConnection: keep-alive\r\n\r\n"))
    }

    @Test func `framing that a handler sets is not sent beside the server's own`() {
        let text = head(
            ["content-length": "7", "Transfer-Encoding": "gzip", "Connection": "upgrade", "date": "x"], .length(3))
        #expect(!text.contains("7") && !text.contains("gzip") && !text.contains("upgrade") && !text.contains("date: x"))
    }

    @Test(arguments: ["a\r\nX-Injected: 1", "a\nX-Injected: 1", "a\0b"])
    func `a value cannot forge another field`(value: String) {
        let text = head(["X-Name": value], .none)
        #expect(text.components(separatedBy: "\r\n").count == 6)
        #expect(!text.contains("\nX-Injected") && !text.contains("\0"))
    }

    @Test func `a chunk has the sizes of its pieces together in hexadecimal`() {
        let chunk = ResponseEncoder.chunk([Array(repeating: 0x61, count: 20), Array(repeating: 0x62, count: 11)])
        #expect(
            String(decoding: chunk, as: UTF8.self) == "1f\r\n" + String(repeating: "a", count: 20)
                + String(repeating: "b", count: 11) + "\r\n")
    }

    @Test func `a date is in the form of RFC 9110`() {
        #expect(HTTPDate.format(seconds: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.format(seconds: 951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
    }

    @Test func `an event of several lines keeps them, and a name cannot end its line`() {
        let event = ServerSentEvent(id: "7\n8", event: "a\r\nb", data: "one\ntwo\r\nthree\rfour")
        #expect(
            String(decoding: event.encoded, as: UTF8.self)
                == "id: 78\nevent: ab\ndata: one\ndata: two\ndata: three\ndata: four\n\n")
        #expect(String(decoding: ServerSentEvent(data: "").encoded, as: UTF8.self) == "data: \n\n")
    }
}
