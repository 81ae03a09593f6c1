import Foundation
import POSIX

/// A plain client over a blocking socket that sends the bytes it is told to and reads what comes.
///
/// It runs on a thread of its own, so that waiting for the server does not take the threads that handlers run on.
actor Client {
    private let executor = ThreadExecutor()
    private let socket: Socket
    private var buffer: [UInt8] = []

    struct Answer: Sendable {
        var status: Int
        var head: String
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            for line in head.components(separatedBy: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, parts[0].lowercased() == name {
                    return parts[1].trimmingCharacters(in: .whitespaces)
                }
            }
            return nil
        }
    }

    struct ClosedError: Error {}

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Connects, and sends something before anything else can come between.
    init(_ address: SocketAddress, sending text: String = "") throws {
        socket = try Socket.connected(to: address)
        try socket.descriptor.write(all: Array(text.utf8))
        try socket.setTimeout(seconds: 300)
    }

    func send(_ text: String) throws { try socket.descriptor.write(all: Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws { try socket.descriptor.write(all: bytes) }

    /// Sends something, then something else over and over for a while, with nothing in between.
    func send(_ first: String, then text: String, for duration: Duration) throws {
        try send(first)
        let start = ContinuousClock.now
        while ContinuousClock.now - start < duration { try send(text) }
    }

    func finishWriting() throws { try socket.shutdownWriting() }

    /// More bytes, or false at the end.
    private func fill() throws -> Bool {
        let bytes = try socket.descriptor.read(upTo: 65536)
        buffer += bytes
        return !bytes.isEmpty
    }

    /// Everything up to the end of the connection.
    func readToEnd() throws -> [UInt8] {
        while try fill() {}
        defer { buffer = [] }
        return buffer
    }

    /// Bytes up to and with a text.
    func read(through text: String) throws -> String {
        let needle = Data(text.utf8)
        while true {
            if let range = Data(buffer).range(of: needle) {
                defer { buffer.removeFirst(range.upperBound) }
                return String(decoding: buffer[..<range.upperBound], as: UTF8.self)
            }
            guard try fill() else { throw ClosedError() }
        }
    }

    func read(count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw ClosedError() }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// One whole answer.
    func answer(isHead: Bool = false) throws -> Answer {
        let head = try read(through: "\r\n\r\n")
        var answer = Answer(status: Int(head.split(separator: " ")[1]) ?? 0, head: head, body: [])
        if isHead || answer.status == 204 || answer.status == 304 || answer.status < 200 { return answer }
        if answer.header("transfer-encoding") == "chunked" {
            while true {
                let size = Int(try read(through: "\r\n").dropLast(1), radix: 16) ?? 0
                answer.body += try read(count: size)
                _ = try read(count: 2)
                if size == 0 { return answer }
            }
        }
        guard let length = answer.header("content-length").flatMap({ Int($0) }) else {
            answer.body = try readToEnd()
            return answer
        }
        answer.body = try read(count: length)
        return answer
    }

    func get(_ target: String, _ headers: String = "") throws -> Answer {
        try send("GET \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(headers)\r\n")
        return try answer()
    }
}

/// Runs an actor's work on a queue whose thread may block.
private final class ThreadExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "client")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
