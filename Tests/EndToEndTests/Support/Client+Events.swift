import Foundation
import JSON
import POSIX

/// One server-sent event of a job.
struct StreamedEvent: Sendable {
    let id: Int
    let kind: String
    /// The Event object's `data`.
    let data: JSONValue
    let level: String
    let message: String
    /// The state that a `status` event tells.
    var status: String? { data["status"]?.string }
}

extension Client {
    /// The events of a job, as they come, until the server ends the stream; it ends without an error also where the
    /// server dies.
    ///
    /// - Parameter after: what a reconnecting browser sends as `Last-Event-ID`.
    func events(of job: String, after: Int? = nil) -> AsyncThrowingStream<StreamedEvent, any Error> {
        var lines = [
            // HTTP/1.0, so that the stream is not chunked.
            "GET \(Self.jobs)/\(job)/events HTTP/1.0", "Host: 127.0.0.1:\(port)", "Accept: text/event-stream",
        ]
        if let token { lines.append("Authorization: Bearer \(token)") }
        if let after { lines.append("Last-Event-ID: \(after)") }
        let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        let address = SocketAddress.loopback(port: port)
        let (stream, continuation) = AsyncThrowingStream<StreamedEvent, any Error>.makeStream()
        PlatformThread.detach(name: "events") {
            do {
                let socket = try Socket.connected(to: address)
                try socket.setTimeout(seconds: 120)
                try socket.descriptor.write(all: request)
                var pending: [UInt8] = []
                while true {
                    let bytes: [UInt8]
                    do throws(SystemCallError) {
                        bytes = try socket.descriptor.read(upTo: 65536)
                    } catch {
                        guard error.code == ECONNRESET else { throw error }
                        bytes = []
                    }
                    if bytes.isEmpty { break }
                    pending += bytes
                    while let end = pending.firstRange(of: [0x0A, 0x0A]) {
                        let block = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
                        if let event = try Self.event(block) { continuation.yield(event) }
                        pending.removeSubrange(..<end.upperBound)
                    }
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        return stream
    }

    private static func event(_ block: String) throws -> StreamedEvent? {
        var fields: [Substring: Substring] = [:]
        for line in block.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...].drop { $0 == " " }
        }
        guard let id = fields["id"].flatMap({ Int($0) }), let kind = fields["event"], let data = fields["data"] else {
            return nil
        }
        let object = try JSONValue(parsing: String(data))
        return StreamedEvent(
            id: id, kind: String(kind), data: object["data"] ?? .null, level: object["level"]?.string ?? "",
            message: object["message"]?.string ?? "")
    }
}
