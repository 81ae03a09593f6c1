import Foundation
import POSIX
import Testing

@testable import HTTP

struct HostileClientTests {
    @Test func `a body that nobody wants does not cut the answer short, however long it is`() async throws {
        let content = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        var router = Router()
        router.add(.post, "/unread") { _ in Response(contentType: "application/octet-stream", content) }
        let sample = try await SampleServer(router: router)
        let client = try Client(sample.address)
        try await client.send("POST /unread HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<100 { try await client.send("2710\r\n" + String(repeating: "x", count: 10_000) + "\r\n") }
        let answer = try await client.answer()
        #expect(answer.status == 200 && answer.body == content)
        #expect(try await client.readToEnd().isEmpty)
        try await sample.stop()
    }

    @Test func `idle connections give way where there is no room for new ones, those at work do not`() async throws {
        let sample = try await SampleServer {
            $0.maximumConnections = 2
        }
        let idle = try Client(sample.address)
        #expect(try await idle.get("/").status == 200)
        let busy = try Client(sample.address)
        try await busy.send("GET / HTTP/1.1\r\nHost:")
        let next = try Client(sample.address)
        #expect(try await next.get("/").status == 200)
        #expect(try await idle.readToEnd().isEmpty)
        #expect(try await Client(sample.address).get("/").status == 200)
        #expect(try await next.readToEnd().isEmpty)
        try await busy.send(" 127.0.0.1\r\n\r\n")
        #expect(try await busy.answer().status == 200)
        try await sample.stop()
    }

    @Test func `the handler of a client that has left is cancelled, not that of one that has only finished writing`()
        async throws
    {
        var router = Router()
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        router.add(.get, "/slow") { _ in
            // Without end but for the cancellation.
            let (never, continuation) = AsyncStream<Void>.makeStream()
            for await _ in never {}
            continuation.finish()
            end.yield(Task.isCancelled)
            return .text("late")
        }
        router.add(.get, "/quick") { _ in .text("quick") }
        let sample = try await SampleServer(router: router) { $0.halfClosedTimeout = .milliseconds(50) }
        let patient = try Client(sample.address)
        try await patient.send("GET /quick HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        try await patient.finishWriting()
        #expect(try await patient.answer().status == 200)
        let gone = try Client(sample.address)
        try await gone.send("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        try await gone.finishWriting()
        #expect(await ends.first { _ in true } == true)
        try await sample.stop()
    }

    @Test func `a refused client that goes on sending is listened to for as long as it does, within bounds`()
        async throws
    {
        let sample = try await SampleServer { $0.lingerTimeout = .seconds(2) }
        // Well beyond the time-out in all, but never silent for as long.
        let patient = try Client(sample.address)
        try await patient.send("nonsense\r\n\r\n", then: "more", for: .seconds(3))
        #expect(try await patient.answer().status == 400)
        #expect(try await patient.readToEnd().isEmpty)
        try await sample.stop()
    }

    @Test func `a stream for a client that has left already ends at once`() async throws {
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        var router = Router()
        router.add(.get, "/events") { request in
            // The end of the connection is read while the handler still thinks.
            try await Self.readEnd(of: request)
            return .eventStream(heartbeat: .seconds(600)) { stream in
                defer { end.yield() }
                try await stream.send(data: "hello")
                for await _ in AsyncStream<Void>.makeStream().stream {}
            }
        }
        let sample = try await SampleServer(router: router)
        let client = try Client(sample.address)
        try await client.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhalf")
        try await client.finishWriting()
        for await _ in ended { break }
        _ = try await client.readToEnd()
        try await sample.stop()
    }

    /// Waits until the server knows that the client has finished writing, in the middle of the body.
    private static func readEnd(of request: Request) async throws {
        do {
            while try await request.body.next() != nil {}
        } catch let error as HTTPError {
            #expect(error.status == .badRequest)
        }
    }

    @Test(arguments: [
        (20_000, 12_000), (12_512, 12_000), (4096, 3584), (1024, 512), (256, 128), (1, 1),
    ])
    func `descriptors are left for files and databases`(openFiles: Int, connections: Int) {
        #expect(ServerConfiguration().connections(openFiles: openFiles) == connections)
    }
}
