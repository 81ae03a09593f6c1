import Foundation
import HTTP
import POSIX
import Synchronization
import Testing

/// The limits of a configured server, each met on a real connection. Those of connections, requests, idleness and slow
/// readers stand in ServerTests, HostileClientTests and StreamTests.
struct LimitTests {
    /// A server whose limits are met by short requests.
    private static func narrow(_ configuration: inout ServerConfiguration) {
        configuration.maximumLineBytes = 200
        configuration.maximumHeaderBytes = 500
        configuration.maximumHeaderCount = 8
        configuration.maximumChunkExtensionBytes = 20
        configuration.maximumTrailerBytes = 30
    }

    private static func text(_ character: String, _ count: Int) -> String { String(repeating: character, count: count) }

    private static let chunked = "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static let get = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"

    private static let beyond: [String: (request: String, status: Int)] = [
        "a request line": ("GET /hello/\(text("a", 181)) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414),
        "a header line": (get + "X: \(text("a", 198))\r\n\r\n", 431),
        "a head": (get + text("X: \(text("a", 90))\r\n", 5) + "\r\n", 431),
        "the header lines": (get + text("X: a\r\n", 8) + "\r\n", 431),
        "a chunk extension": (chunked + "1;\(text("a", 20))\r\nx\r\n0\r\n\r\n", 431),
        "chunk extensions": (chunked + text("1;abcdef\r\nx\r\n", 3) + "0\r\n\r\n", 431),
        "a trailer": (chunked + "0\r\nX: \(text("a", 28))\r\n\r\n", 431),
        "trailers": (chunked + "0\r\n\(text("X: a\r\n", 6))\r\n", 431),
        "a body of a length": ("POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1048577\r\n\r\n", 413),
        "a chunk of eight exbibytes": (chunked + "8000000000000000\r\n", 413),
    ]

    @Test(arguments: beyond.keys.sorted())
    func `what is one beyond a limit is refused with its status`(what: String) async throws {
        let (request, status) = try #require(Self.beyond[what])
        let sample = try await SampleServer(configure: Self.narrow)
        let client = try Client(sample.address)
        try await client.send(request)
        #expect(try await client.answer().status == status)
        #expect(try await client.readToEnd().isEmpty)
        // It harms no one else.
        #expect(try await Client(sample.address).get("/").status == 200)
        try await sample.stop()
    }

    @Test func `a body of chunks that is too long is refused while it comes, and passed over to its end`() async throws
    {
        let sample = try await SampleServer()
        let client = try Client(sample.address)
        try await client.send(Self.chunked + "100001\r\n" + Self.text("a", 0x100001))
        #expect(try await client.answer().status == 413)
        try await client.send("\r\n0\r\n\r\n")
        #expect(try await client.get("/").status == 200)
        try await sample.stop()
    }

    private static let within: [String: String] = [
        "a request line": "GET /hello/\(text("a", 180)) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "a header line": get + "X: \(text("a", 197))\r\n\r\n", "the header lines": get + text("X: a\r\n", 7) + "\r\n",
        "a chunk extension": chunked + "1;\(text("a", 19))\r\nx\r\n0\r\n\r\n",
        "a trailer": chunked + "0\r\nX: \(text("a", 25))\r\n\r\n",
    ]

    @Test(arguments: within.keys.sorted())
    func `what is just within a limit is served, and the connection goes on`(what: String) async throws {
        let request = try #require(Self.within[what])
        let sample = try await SampleServer(configure: Self.narrow)
        let client = try Client(sample.address)
        try await client.send(request)
        #expect(try await client.answer().status == 200)
        #expect(try await client.get("/").status == 200)
        try await sample.stop()
    }

    @Test func `a head that trickles gets 408, on a connection that was good before, too`() async throws {
        let sample = try await SampleServer { $0.headerTimeout = .milliseconds(700) }
        let slow = try Client(sample.address)
        #expect(try await slow.get("/").status == 200)
        try await slow.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
        let other = try Client(sample.address)
        // Were each byte given time anew, the line would become too long instead.
        while sample.server.statistics.refusals == 0 {
            for _ in 0..<20 { #expect(try await other.get("/").status == 200) }
            try await slow.send("x")
        }
        #expect(try await slow.answer().status == 408)
        #expect(try await slow.readToEnd().isEmpty)
        try await sample.stop()
    }

    @Test func `a body that trickles gets 408 although it is never silent`() async throws {
        let refused = Flag()
        var router = SampleServer.sampleRouter()
        router.add(.post, "/slow") { request in
            do {
                return .text("\(try await request.body.collect(upTo: 1 << 20).count)")
            } catch {
                refused.set()
                throw error
            }
        }
        let sample = try await SampleServer(router: router) {
            $0.minimumBodyRate = 1_000_000
            $0.bodyRateWindow = .milliseconds(500)
        }
        let slow = try Client(sample.address)
        try await slow.send("POST /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n")
        let other = try Client(sample.address)
        // Not so fast as is asked for: each byte waits for an exchange. Were it let be, the body would be complete.
        var sent = 0
        while !refused.isSet, sent < 100_000 {
            #expect(try await other.get("/").status == 200)
            try await slow.send("x")
            sent += 1
        }
        #expect(try await slow.answer().status == 408)
        #expect(try await slow.readToEnd().isEmpty)
        try await sample.stop()
    }

    @Test func `a refused client that never ends is cut off`() async throws {
        let sample = try await SampleServer { $0.lingerTimeout = .milliseconds(250) }
        let client = try Client(sample.address)
        try await client.send("nonsense\r\n\r\n")
        // Sending fails once the server has closed the connection.
        await #expect(throws: SystemCallError.self) { while true { try await client.send("more") } }
        while sample.server.statistics.openConnections > 0 { await Task.yield() }
        try await sample.stop()
    }

    @Test func `a form of more parts than a form has is refused`() async throws {
        let part = "--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"
        func read(_ parts: Int) async throws -> Int {
            let body = Self.text(part, parts) + "--b0--\r\n"
            let reader = try MultipartReader(
                Request(
                    .post, "/", headers: ["Content-Type": "multipart/form-data; boundary=b0"], body: Array(body.utf8)))
            var count = 0
            while try await reader.nextPart() != nil { count += 1 }
            return count
        }
        #expect(try await read(1000) == 1000)
        let error = await #expect(throws: HTTPError.self) { try await read(1001) }
        #expect(error?.status == .badRequest)
    }

    @Test func `a limit of nothing is refused, and named`() {
        func expectRefusal(_ name: String, _ change: (inout ServerConfiguration) -> Void) {
            var configuration = ServerConfiguration()
            change(&configuration)
            let error = #expect(throws: ServerConfiguration.InvalidValueError.self) { try configuration.validate() }
            #expect(error?.name == name)
        }
        expectRefusal("eventLoops") { $0.eventLoops = 0 }
        expectRefusal("maximumConnections") { $0.maximumConnections = -1 }
        expectRefusal("maximumLineBytes") { $0.maximumLineBytes = 0 }
        expectRefusal("minimumBodyRate") { $0.minimumBodyRate = 0 }
        expectRefusal("headerTimeout") { $0.headerTimeout = .zero }
        expectRefusal("bodyRateWindow") { $0.bodyRateWindow = .zero }
        expectRefusal("keepAliveTimeout") { $0.keepAliveTimeout = .seconds(-1) }
    }

    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)

        var isSet: Bool { value.load(ordering: .acquiring) }

        func set() { value.store(true, ordering: .releasing) }
    }
}
