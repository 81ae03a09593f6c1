import Arguments
import Foundation
import HTTP
import POSIX

/// Measures the HTTP server with `wrk`, or only serves, so that it can be measured from outside.
struct HTTPBenchmark {
    static let command = Command(
        "http", "requests a second of the HTTP server, with wrk on one thread and 64 connections",
        details: "Measures a short text and a file of 1 MiB, and prints one line of JSON for each.",
        options: [
            Option("seconds", "N", "how long each is measured, 5 without it"),
            Option("wrk", "PATH", "the load generator, /usr/bin/wrk without it"),
            Option("serve", "PORT", "only serve, on this port, to be measured from outside"),
        ])

    private let seconds: Int
    private let wrk: String
    private let port: UInt16?

    /// Reads what follows `Benchmarks http`.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        seconds = try arguments.integer("seconds", in: 1...3600) ?? 5
        wrk = arguments["wrk"] ?? "/usr/bin/wrk"
        port = try arguments.integer("serve", in: 0...65_535).map { UInt16($0) }
    }

    /// Prints one JSON line a route, or serves until it is stopped.
    func run() async throws {
        let file = NSTemporaryDirectory() + "http-benchmark-\(getpid())"
        defer { unlink(file) }
        try DurableFile.write([UInt8](repeating: 0x61, count: 1 << 20), to: file)
        let configuration = ServerConfiguration(address: .loopback(port: port ?? 0))
        let server = Server(configuration: configuration, router: Self.router(file: file))
        let address = try await server.start()
        if port != nil {
            print("serving \(address): /text /echo /file /events")
            return try await server.waitUntilStopped()
        }
        for path in ["/text", "/file"] { try await measure(path, address) }
        try await server.drain()
    }

    private static func router(file: String) -> Router {
        var router = Router()
        router.add(.get, "/text") { _ in .text("Hello, world!") }
        router.add(.get, "/prompt", isPrompt: true) { _ in .text("Hello, world!") }
        router.add(.post, "/echo") { request in
            Response(contentType: "application/octet-stream", try await request.body.collect(upTo: 1 << 20))
        }
        router.add(.get, "/file") { _ in .file(FileBody(path: file, entityTag: "benchmark")) }
        router.add(.get, "/events") { _ in
            .eventStream { stream in
                try await stream.send(data: "hello")
                for await _ in AsyncStream<Void>.makeStream().stream {}
            }
        }
        return router
    }

    private func measure(_ path: String, _ address: SocketAddress) async throws {
        let pipe = try FileDescriptor.pipe()
        let child = try ChildProcess(
            wrk, arguments: ["-t1", "-c64", "-d\(seconds)", "--latency", "http://\(address)\(path)"], environment: [:],
            output: pipe.write.raw)
        guard await child.waitForExit().isSuccess else {
            throw BenchmarkError.loadGenerator(path: wrk, reason: "failed")
        }
        let text = String(decoding: try pipe.read.read(upTo: 65536), as: UTF8.self)
        func figure(_ name: String) -> String {
            let line = text.split(separator: "\n").first { $0.contains(name) } ?? ""
            return line.split(separator: " ").last.map(String.init) ?? ""
        }
        print(
            #"{"path":"\#(path)","connections":64,"requests_per_second":\#(figure("Requests/sec")),"#
                + #""p50":"\#(figure("50%"))","p99":"\#(figure("99%"))","transfer_per_second":"\#(figure("Transfer/sec"))"}"#
        )
    }
}
