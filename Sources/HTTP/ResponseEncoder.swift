/// Writes response heads and the framing of bodies as bytes (RFC 9112 §4, §7.1).
enum ResponseEncoder {
    /// How the end of the body is told.
    enum Framing: Hashable {
        /// By the status, or because the request was HEAD and the length is not known.
        case none
        case length(Int)
        case chunked
        /// By closing.
        case close
    }

    /// What is said about the connection.
    enum Persistence: Hashable {
        /// HTTP/1.1 keeps it by default.
        case implied
        /// HTTP/1.0 asked for it.
        case keepAlive
        case close
    }

    /// The interim answer that asks for the body (RFC 9110 §15.2.1).
    static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// The last chunk, with no trailers.
    static let lastChunk = Array("0\r\n\r\n".utf8)

    /// Fields that are the server's own business.
    private static let reserved = ["content-length", "transfer-encoding", "connection", "keep-alive", "date"]

    /// Appends status line and fields.
    ///
    /// - Parameters:
    ///   - date: the value of `Date`.
    ///   - id: the value of `x-request-id`.
    static func appendHead(
        _ status: Status, _ headers: Headers, framing: Framing, persistence: Persistence, date: [UInt8], id: String,
        to bytes: inout [UInt8]
    ) {
        bytes += "HTTP/1.1 ".utf8
        appendDecimal(status.code, to: &bytes)
        bytes.append(0x20)
        bytes += status.reason.utf8
        bytes += "\r\nDate: ".utf8
        bytes += date
        bytes += "\r\nx-request-id: ".utf8
        bytes += id.utf8
        for field in headers where !isReserved(field.name) {
            bytes += "\r\n".utf8
            bytes += field.name.utf8
            bytes += ": ".utf8
            bytes += field.value.utf8
        }
        switch framing {
        case .none, .close: break
        case .length(let length):
            bytes += "\r\nContent-Length: ".utf8
            appendDecimal(length, to: &bytes)
        case .chunked: bytes += "\r\nTransfer-Encoding: chunked".utf8
        }
        switch persistence {
        case .implied: break
        case .keepAlive: bytes += "\r\nConnection: keep-alive".utf8
        case .close: bytes += "\r\nConnection: close".utf8
        }
        bytes += "\r\n\r\n".utf8
    }

    /// Several pieces as one chunk.
    static func chunk(_ pieces: [[UInt8]]) -> [UInt8] {
        let length = pieces.reduce(0) { $0 + $1.count }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length + 20)
        bytes += String(length, radix: 16).utf8
        bytes += "\r\n".utf8
        for piece in pieces { bytes += piece }
        bytes += "\r\n".utf8
        return bytes
    }

    private static func isReserved(_ name: String) -> Bool {
        let count = name.utf8.count
        guard count == 14 || count == 17 || count == 10 || count == 4 else { return false }
        return reserved.contains { Headers.areEqual($0, name) }
    }

    private static func appendDecimal(_ value: Int, to bytes: inout [UInt8]) {
        if value >= 10 { appendDecimal(value / 10, to: &bytes) }
        bytes.append(UInt8(value % 10) + 0x30)
    }
}
