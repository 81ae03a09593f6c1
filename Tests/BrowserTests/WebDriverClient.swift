import JSON
import POSIX

/// Commands of the W3C WebDriver protocol, sent to a chromedriver on loopback (https://www.w3.org/TR/webdriver2/).
///
/// Speaks HTTP by itself: Foundation's client refuses chromedriver's answers, which have no space after the colon of
/// a field (RFC 9112, section 5: it is optional).
struct WebDriverClient: Sendable {
    /// The port that chromedriver listens on.
    let port: UInt16

    /// Sends one command and returns the `value` of the answer.
    ///
    /// - Throws: ``WebDriverError/refused(command:error:message:)`` where the browser answers with an error.
    func send(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        let payload = body?.bytes ?? []
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            Content-Type: application/json; charset=utf-8\r
            Content-Length: \(payload.count)\r
            Connection: close\r
            \r\n
            """
        let (status, bytes) = try await exchange(Array(head.utf8) + payload)
        let value = try JSONValue(parsing: bytes)["value"] ?? .null
        guard status == 200 else {
            throw WebDriverError.refused(
                command: "\(method) \(path)", error: value["error"]?.string ?? "status \(status)",
                message: value["message"]?.string ?? "")
        }
        return value
    }

    /// One request on a connection of its own, on a thread of its own, as a command may take minutes.
    private func exchange(_ request: [UInt8]) async throws -> (status: Int, body: [UInt8]) {
        try await withCheckedThrowingContinuation { continuation in
            PlatformThread.detach(name: "webdriver") {
                continuation.resume(with: Result { try Self.exchange(request, port: port) })
            }
        }
    }

    private static func exchange(_ request: [UInt8], port: UInt16) throws -> (status: Int, body: [UInt8]) {
        let socket = try Socket.connected(to: .loopback(port: port))
        try socket.setTimeout(seconds: 150)
        try socket.descriptor.write(all: request)
        var answer: [UInt8] = []
        var end: Int?
        while true {
            let piece = try socket.descriptor.read(upTo: 65536)
            answer += piece
            if end == nil, let head = lengthOfHead(answer) { end = try head + contentLength(answer[..<head]) }
            if let end, answer.count >= end { break }
            guard !piece.isEmpty else {
                throw WebDriverError.notStarted("chromedriver broke off after \(answer.count) bytes")
            }
        }
        guard let head = lengthOfHead(answer), let status = status(answer[..<head]) else {
            throw WebDriverError.notStarted(
                "not an HTTP answer: \(String(decoding: answer.prefix(200), as: UTF8.self))")
        }
        return (status, Array(answer[head...]))
    }

    private static func lengthOfHead(_ bytes: [UInt8]) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        return bytes.indices.dropLast(3).first { bytes[$0..<$0 + 4].elementsEqual(mark) }.map { $0 + 4 }
    }

    private static func contentLength(_ head: ArraySlice<UInt8>) throws -> Int {
        for line in String(decoding: head, as: UTF8.self).split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            if let length = Int(parts[1].filter { $0 != " " }) { return length }
        }
        throw WebDriverError.notStarted("chromedriver's answer has no Content-Length")
    }

    private static func status(_ head: ArraySlice<UInt8>) -> Int? {
        let words = String(decoding: head.prefix(16), as: UTF8.self).split(separator: " ")
        return words.count > 1 ? Int(words[1]) : nil
    }
}
