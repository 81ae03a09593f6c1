import Foundation
import JSON
import POSIX

/// An HTTP client over a real socket, one connection a request, on a thread of its own.
struct TestClient: Sendable {
    let address: SocketAddress
    var token: String?

    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue {
            get throws { try JSONValue(parsing: body) }
        }
        subscript(header: String) -> String? { headers[header.lowercased()] }
        /// A member of the error object.
        func error(_ member: String) throws -> JSONValue? { try json["error"]?[member] }
    }

    /// One server-sent event.
    struct ServerEvent: Sendable {
        var id: Int?
        var kind = "message"
        var data = ""
    }

    /// Sends a request and reads the whole answer.
    func send(
        _ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> Answer {
        let bytes = request(method, target, "1.1", headers, body)
        return try await Self.onThread {
            let socket = try Socket.connected(to: address)
            try socket.setTimeout(seconds: 300)
            try socket.descriptor.write(all: bytes)
            var received: [UInt8] = []
            while true {
                let piece = try socket.descriptor.read(upTo: 65536)
                if piece.isEmpty { break }
                received += piece
            }
            return try Self.parse(received)
        }
    }

    func get(_ target: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", target, headers: headers)
    }

    func delete(_ target: String) async throws -> Answer { try await send("DELETE", target) }

    func post(_ target: String, _ value: JSONValue? = nil, headers: [String: String] = [:]) async throws -> Answer {
        var headers = headers
        headers["Content-Type"] = "application/json"
        return try await send("POST", target, headers: headers, body: value?.bytes ?? [])
    }

    /// Uploads a file as the official clients do.
    func upload(
        _ content: String, name: String = "tickets.jsonl", fields: [(String, String)] = [("purpose", "fine-tune")]
    ) async throws -> Answer {
        var form = ""
        for (field, value) in fields {
            form += "--edge\r\nContent-Disposition: form-data; name=\"\(field)\"\r\n\r\n\(value)\r\n"
        }
        form += "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n"
        form += "Content-Type: application/octet-stream\r\n\r\n\(content)\r\n--edge--\r\n"
        let headers = ["Content-Type": "multipart/form-data; boundary=edge"]
        return try await send("POST", "/v1/files", headers: headers, body: Array(form.utf8))
    }

    /// Reads server-sent events until there are `count`, or the stream ends.
    func events(_ target: String, headers: [String: String] = [:], count: Int = .max) async throws -> [ServerEvent] {
        // HTTP/1.0, so that the stream is not chunked.
        let bytes = request("GET", target, "1.0", headers.merging(["Accept": "text/event-stream"]) { $1 }, nil)
        return try await Self.onThread {
            let socket = try Socket.connected(to: address)
            try socket.setTimeout(seconds: 300)
            try socket.descriptor.write(all: bytes)
            var received: [UInt8] = []
            while true {
                let piece = try socket.descriptor.read(upTo: 65536)
                received += piece
                let events = Self.events(in: received)
                if piece.isEmpty || events.count >= count { return Array(events.prefix(count)) }
            }
        }
    }

    private func request(
        _ method: String, _ target: String, _ version: String, _ headers: [String: String], _ body: [UInt8]?
    ) -> [UInt8] {
        var all = ["Host": "localhost:\(address.port)", "Connection": "close"]
        if let token { all["Authorization"] = "Bearer \(token)" }
        if let body { all["Content-Length"] = String(body.count) }
        all.merge(headers) { $1 }
        let lines = all.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\r\n" }.sorted().joined()
        return Array("\(method) \(target) HTTP/\(version)\r\n\(lines)\r\n".utf8) + (body ?? [])
    }

    private static func events(in received: [UInt8]) -> [ServerEvent] {
        let text = String(decoding: received, as: UTF8.self)
        guard let start = text.range(of: "\r\n\r\n") else { return [] }
        return text[start.upperBound...].components(separatedBy: "\n\n").dropLast().compactMap { block in
            var event = ServerEvent()
            for line in block.split(separator: "\n") {
                if line.hasPrefix("id: ") { event.id = Int(line.dropFirst(4)) }
                if line.hasPrefix("event: ") { event.kind = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { event.data += line.dropFirst(6) }
            }
            return event.data.isEmpty ? nil : event
        }
    }

    private struct Malformed: Error {
        let received: String
    }

    private static func parse(_ received: [UInt8]) throws -> Answer {
        let malformed = Malformed(received: String(decoding: received.prefix(500), as: UTF8.self))
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { throw malformed }
        let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let parts = lines[0].split(separator: " ")
        guard parts.count >= 2, let status = Int(parts[1]) else { throw malformed }
        if status == 100 { return try parse(Array(received[end.upperBound...])) }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw malformed }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        var body = Array(received[end.upperBound...])
        if headers["transfer-encoding"] == "chunked" { body = try unchunked(body, malformed) }
        return Answer(status: status, headers: headers, body: body)
    }

    private static func unchunked(_ body: [UInt8], _ malformed: Malformed) throws -> [UInt8] {
        var (rest, joined) = (body[...], [UInt8]())
        while true {
            guard let end = rest.firstRange(of: [0x0D, 0x0A]),
                let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16)
            else { throw malformed }
            if size == 0 { return joined }
            joined += rest[end.upperBound..<end.upperBound + size]
            rest = rest[(end.upperBound + size + 2)...]
        }
    }

    /// Blocking work on a thread of its own, so that the server keeps the concurrency pool.
    static func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            PlatformThread.detach(name: "client") {
                continuation.resume(with: Swift.Result(catching: body))
            }
        }
    }
}
