import Foundation
import HTTP
import POSIX
import Synchronization
import Testing

struct ServerTests {
    private let post = "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n"

    @Test func `requests follow one another on a connection, pipelined ones in order`() async throws {
        let sample = try await SampleServer()
        let client = try Client(sample.address)
        #expect(try await client.get("/").text == "hello\n")
        #expect(try await client.get("/hello/a%2Fb/x/y%3A").text == "a/b|x|y:")
        try await client.send(String(repeating: "GET /hello/n HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", count: 50))
        try await client.send(post + "Content-Length: 3\r\n\r\nend")
        for _ in 0..<50 { #expect(try await client.answer().text == "n|") }
        #expect(try await client.answer().text == "end")
        #expect(sample.server.statistics.acceptedConnections == 1)
        #expect(sample.server.statistics.requests == 53)
        try await sample.stop()
    }

    @Test func `a body arrives by length and by chunks, a large one without being asked for at once`() async throws {
        let sample = try await SampleServer()
        let client = try Client(sample.address)
        let large = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await client.send(post + "Content-Length: \(large.count)\r\n\r\n")
        try await client.send(large)
        #expect(try await client.answer().body == large)
        try await client.send(post + "Transfer-Encoding: chunked\r\n\r\n")
        for start in stride(from: 0, to: 300_000, by: 1000) {
            try await client.send("3E8\r\n")
            try await client.send(Array(large[start..<(start + 1000)]) + [0x0D, 0x0A])
        }
        try await client.send("0\r\nX-Trailer: 1\r\n\r\n")
        #expect(try await client.answer().body == Array(large[..<300_000]))
        try await sample.stop()
    }

    @Test func `a body that is not wanted gets 413 before it is sent, and the connection ends`() async throws {
        let sample = try await SampleServer()
        let client = try Client(sample.address)
        try await client.send(post + "Content-Length: 9999999\r\nExpect: 100-continue\r\n\r\n")
        let answer = try await client.answer()
        #expect(answer.status == 413)
        #expect(answer.header("connection") == "close")
        #expect(try await client.readToEnd().isEmpty)
        try await sample.stop()
    }

    @Test func `100 Continue is sent when the body is wanted`() async throws {
        let sample = try await SampleServer()
        let client = try Client(sample.address)
        try await client.send(post + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        #expect(try await client.answer().status == 100)
        try await client.send("hello")
        #expect(try await client.answer().text == "hello")
        #expect(try await client.get("/").status == 200)
        try await sample.stop()
    }

    @Test func `an early refusal is read in spite of a body that goes on`() async throws {
        let sample = try await SampleServer()
        let client = try Client(sample.address)
        try await client.send("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3000000\r\n\r\n")
        try await client.send([UInt8](repeating: 0x61, count: 3_000_000))
        let answer = try await client.answer()
        #expect(answer.status == 405 && answer.header("allow") == "GET, HEAD, OPTIONS")
        #expect(try await client.readToEnd().isEmpty)
        try await sample.stop()
    }

    @Test func `HEAD and OPTIONS have no body, streams are chunked, HTTP 1.0 gets them until the close`() async throws {
        let sample = try await SampleServer()
        let client = try Client(sample.address)
        try await client.send("HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        #expect(try await client.answer(isHead: true).header("content-length") == "6")
        try await client.send("OPTIONS /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        #expect(try await client.answer().header("allow") == "POST, OPTIONS")
        let stream = try await client.get("/stream")
        #expect(stream.header("transfer-encoding") == "chunked" && stream.text == "line 0\nline 1\nline 2\n")
        try await client.send("GET /stream HTTP/1.0\r\n\r\n")
        let old = String(decoding: try await client.readToEnd(), as: UTF8.self)
        #expect(!old.contains("chunked") && old.hasSuffix("\r\n\r\nline 0\nline 1\nline 2\n"))
        try await sample.stop()
    }

    @Test func `a file is sent whole and in part, and pieces laid end to end as one`() async throws {
        let path = NSTemporaryDirectory() + "http-file-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        try Data(content).write(to: URL(filePath: path))
        var router = Router()
        router.add(.get, "/file") { _ in .file(FileBody(path: path, entityTag: "t")) }
        router.add(.get, "/tar") { _ in
            .file(
                FileBody(
                    segments: [.bytes([1, 2]), .file(path: path, offset: 10, length: 100), .bytes([3])], entityTag: "t")
            )
        }
        let sample = try await SampleServer(router: router)
        let client = try Client(sample.address)
        #expect(try await client.get("/file").body == content)
        #expect(try await client.get("/file", "Range: bytes=1000000-2999999\r\n").body == Array(content[1_000_000...]))
        #expect(try await client.get("/tar").body == [1, 2] + content[10..<110] + [3])
        let part = try await client.get("/tar", "Range: bytes=1-4\r\nIf-Range: \"t\"\r\n")
        #expect(part.status == 206 && part.body == [2] + content[10..<13])
        #expect(try await client.get("/file", "If-None-Match: \"t\"\r\n").status == 304)
        #expect(try await client.get("/file", "Range: bytes=3000000-\r\n").header("content-range") == "bytes */3000000")
        try await sample.stop()
    }

    @Test func `errors take the form that the router gives them, malformed requests too`() async throws {
        var router = SampleServer.sampleRouter()
        struct Mishap: Error {}
        router.add(.get, "/mishap") { _ in throw Mishap() }
        router.errorResponse = { error, request in
            let status = (error as? HTTPError)?.status ?? .internalServerError
            return Response(status, contentType: "application/json", Array("{\"known\":\(request != nil)}".utf8))
        }
        let sample = try await SampleServer(router: router)
        let client = try Client(sample.address)
        #expect(try await client.get("/nothing").text == "{\"known\":true}")
        let mishap = try await client.get("/mishap")
        #expect(mishap.status == 500 && mishap.header("x-request-id")?.hasPrefix("req_") == true)
        try await client.send("nonsense\r\n\r\n")
        let refusal = try await client.answer()
        #expect(refusal.status == 400 && refusal.text == "{\"known\":false}")
        #expect(sample.server.statistics.refusals == 1)
        try await sample.stop()
    }

    @Test func `a head that is slow gets 408, a silent or idle connection is closed`() async throws {
        let sample = try await SampleServer {
            $0.headerTimeout = .seconds(1)
            $0.keepAliveTimeout = .seconds(1)
        }
        let slow = try Client(sample.address, sending: "GET / HTTP/1.1\r\nHost:")
        let silent = try Client(sample.address)
        let idle = try Client(sample.address, sending: "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        #expect(try await slow.answer().status == 408)
        #expect(try await slow.readToEnd().isEmpty)
        #expect(try await silent.readToEnd().isEmpty)
        #expect(try await idle.answer().status == 200)
        #expect(try await idle.readToEnd().isEmpty)
        try await sample.stop()
    }

    @Test func `a body that stops gets 408`() async throws {
        let sample = try await SampleServer { $0.bodyIdleTimeout = .seconds(1) }
        let stuck = try Client(sample.address, sending: post + "Content-Length: 10\r\n\r\nhalf")
        #expect(try await stuck.answer().status == 408)
        #expect(try await stuck.readToEnd().isEmpty)
        try await sample.stop()
    }

    @Test func `a connection ends after its last allowed request`() async throws {
        let sample = try await SampleServer { $0.maximumRequestsPerConnection = 2 }
        let client = try Client(sample.address)
        #expect(try await client.get("/").header("connection") == nil)
        #expect(try await client.get("/").header("connection") == "close")
        #expect(try await client.readToEnd().isEmpty)
        try await sample.stop()
    }

    @Test func `connections beyond the limit wait and are served when others end`() async throws {
        let sample = try await SampleServer { $0.maximumConnections = 2 }
        var clients = try (0..<5).map { _ in try Client(sample.address) }
        for client in clients { try await client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") }
        while !clients.isEmpty { #expect(try await clients.removeFirst().answer().status == 200) }
        try await sample.stop()
    }

    @Test func `two event loops share a port`() async throws {
        let sample = try await SampleServer { $0.eventLoops = 2 }
        for _ in 0..<50 { #expect(try await Client(sample.address).get("/").status == 200) }
        try await sample.stop()
        #expect(throws: SystemCallError.self) { _ = try Client(sample.address) }
    }

    @Test func `two thousand connections leave no descriptor behind`() async throws {
        let sample = try await SampleServer()
        for _ in 0..<2000 { #expect(try await Client(sample.address).get("/", "Connection: close\r\n").status == 200) }
        try await sample.stop()
        #expect(sample.server.statistics.openConnections == 0)
        #expect(sample.server.statistics.acceptedConnections == 2000)
    }
}
