import Foundation
import HTTP
import POSIX

/// Measures the HTTP server with `wrk`, or only serves, so that it can be measured from outside.
struct HTTPBenchmark {
    private var port: UInt16 = 0
    private var seconds = 5
    private var serves = false
    private var wrk = "/usr/bin/wrk"

    /// Reads what follows `Benchmarks http`.
    init(arguments: ArraySlice<String>) throws {
        var rest = arguments
        while let option = rest.popFirst() {
            switch (option, rest.first) {
            case ("--serve", let value?): (port, serves) = (UInt16(value) ?? 0, true)
            case ("--seconds", let value?): seconds = Int(value) ?? seconds
            case ("--wrk", let value?): wrk = value
            default: throw UsageError(description: "unknown option \"\(option)\", or one without its value")
            }
            rest = rest.dropFirst()
        }
    }

    /// Prints one JSON line a route, or serves until it is stopped.
    func run() async throws {
        let file = NSTemporaryDirectory() + "http-benchmark-\(getpid())"
        defer { unlink(file) }
        try DurableFile.write([UInt8](repeating: 0x61, count: 1 << 20), to: file)
        let configuration = ServerConfiguration(address: .loopback(port: port))
        let server = Server(configuration: configuration, router: Self.router(file: file))
        let address = try await server.start()
        if serves {
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
        guard await child.waitForExit().isSuccess else { throw UsageError(description: "\(wrk) failed") }
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
