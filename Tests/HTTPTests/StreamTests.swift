import Foundation
import HTTP
import POSIX
import Synchronization
import Testing

struct StreamTests {
    /// What a test waits for, one value at a time.
    private static func channel<Value: Sendable>(_: Value.Type) -> (AsyncStream<Value>, AsyncStream<Value>.Continuation)
    {
        AsyncStream.makeStream(of: Value.self)
    }

    @Test func `events arrive as they are sent, with a heartbeat in between`() async throws {
        let (source, feed) = Self.channel(ServerSentEvent.self)
        var router = Router()
        router.add(.get, "/events") { _ in
            .eventStream(heartbeat: .milliseconds(300)) { stream in
                try await stream.retry(milliseconds: 1000)
                for await event in source { try await stream.send(event) }
            }
        }
        let sample = try await SampleServer(router: router)
        let client = try Client(sample.address)
        try await client.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        let head = try await client.read(through: "\r\n\r\n")
        #expect(head.contains("text/event-stream"))
        _ = try await client.read(through: "retry: 1000\n\n")
        feed.yield(ServerSentEvent(id: "1", event: "metrics", data: "{}"))
        _ = try await client.read(through: "id: 1\nevent: metrics\ndata: {}\n\n")
        _ = try await client.read(through: "\n:\n\n")
        feed.finish()
        _ = try await client.read(through: "0\r\n\r\n")
        try await sample.stop()
    }

    @Test func `a drain ends streams with their last event, answers what is under way and accepts nothing new`()
        async throws
    {
        let (entered, enter) = Self.channel(Void.self)
        let (gate, open) = Self.channel(Void.self)
        var router = Router()
        router.add(.get, "/events") { _ in
            .eventStream(farewell: ServerSentEvent(event: "end", data: "bye")) { stream in
                try await stream.send(data: "hello")
                for await _ in AsyncStream<Void>.makeStream().stream {}
            }
        }
        router.add(.get, "/slow") { _ in
            enter.yield()
            for await _ in gate { break }
            return .text("done")
        }
        let sample = try await SampleServer(router: router)
        let (events, slow, idle) = (try Client(sample.address), try Client(sample.address), try Client(sample.address))
        try await events.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        _ = try await events.read(through: "data: hello\n\n")
        #expect(try await idle.get("/nothing").status == 404)
        try await slow.send("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for await _ in entered { break }
        let drain = Task { try await sample.server.drain(timeout: .seconds(300)) }
        _ = try await events.read(through: "event: end\ndata: bye\n\n")
        _ = try await events.read(through: "0\r\n\r\n")
        #expect(try await idle.readToEnd().isEmpty)
        #expect(throws: SystemCallError.self) { _ = try Client(sample.address) }
        open.yield()
        let answer = try await slow.answer()
        #expect(answer.text == "done" && answer.header("connection") == "close")
        #expect(try await slow.readToEnd().isEmpty)
        #expect(try await events.readToEnd().isEmpty)
        try await drain.value
    }

    @Test func `a drain cuts off what does not end in time`() async throws {
        let (entered, enter) = Self.channel(Void.self)
        var router = Router()
        router.add(.get, "/never") { _ in
            enter.yield()
            for await _ in AsyncStream<Void>.makeStream().stream {}
            return .text("cancelled")
        }
        let sample = try await SampleServer(router: router)
        let client = try Client(sample.address)
        try await client.send("GET /never HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for await _ in entered { break }
        try await sample.server.drain(timeout: .milliseconds(300))
        #expect(try await client.readToEnd().isEmpty)
    }

    @Test func `a stream learns that its client has gone`() async throws {
        let (ended, end) = Self.channel(Bool.self)
        var router = Router()
        router.add(.get, "/events") { _ in
            .eventStream { stream in
                try await stream.send(data: "hello")
                for await _ in AsyncStream<Void>.makeStream().stream {}
                end.yield(Task.isCancelled)
            }
        }
        let sample = try await SampleServer(router: router)
        var client: Client? = try Client(sample.address)
        try await client?.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        _ = try await client?.read(through: "data: hello\n\n")
        client = nil
        for await isCancelled in ended {
            #expect(isCancelled)
            break
        }
        try await sample.stop()
    }

    @Test func `a client that does not read is disconnected, and meanwhile holds no more than the limit`() async throws
    {
        let written = Atomic<Int>(0)
        let (ended, end) = Self.channel(Bool.self)
        var router = Router()
        let box = Box(written)
        router.add(.get, "/flood") { _ in
            .stream(contentType: "text/plain") { writer in
                do {
                    while true {
                        try await writer.write([UInt8](repeating: 0x61, count: 10_000))
                        box.value.add(10_000, ordering: .relaxed)
                    }
                } catch {
                    end.yield(error is ConnectionClosedError)
                    throw error
                }
            }
        }
        let sample = try await SampleServer(router: router) { $0.writeTimeout = .milliseconds(500) }
        let client = try Client(sample.address)
        try await client.send("GET /flood HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for await isClosed in ended {
            #expect(isClosed)
            break
        }
        // What the two sockets' buffers take, and 128 KiB.
        #expect(box.value.load(ordering: .relaxed) < 16 << 20)
        try await sample.stop()
    }

    @Test func `a producer that fails cuts the body short instead of ending it well`() async throws {
        struct Mishap: Error {}
        var router = Router()
        router.add(.get, "/broken") { _ in
            .stream(contentType: "text/plain") { writer in
                try await writer.write("half")
                throw Mishap()
            }
        }
        let sample = try await SampleServer(router: router)
        let client = try Client(sample.address)
        try await client.send("GET /broken HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        let text = String(decoding: try await client.readToEnd(), as: UTF8.self)
        #expect(text.hasSuffix("4\r\nhalf\r\n"))
        try await sample.stop()
    }

    @Test func `a reader that is behind slows the sender down`() async throws {
        let (gate, open) = Self.channel(Void.self)
        var router = Router()
        router.add(.post, "/slow") { request in
            for await _ in gate { break }
            var count = 0
            while let chunk = try await request.body.next() { count += chunk.count }
            return .text("\(count)")
        }
        let sample = try await SampleServer(router: router)
        let client = try Client(sample.address)
        let size = 20_000_000
        try await client.send("POST /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(size)\r\n\r\n")
        // The first megabyte goes into the sockets' buffers; the rest only once the handler reads.
        try await client.send([UInt8](repeating: 1, count: 1_000_000))
        open.yield()
        try await client.send([UInt8](repeating: 2, count: size - 1_000_000))
        #expect(try await client.answer().text == "\(size)")
        try await sample.stop()
    }

    private final class Box: Sendable {
        let value: Atomic<Int>

        init(_ value: consuming Atomic<Int>) { self.value = value }
    }
}
