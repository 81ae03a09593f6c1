import Arguments
import Foundation
import HTTP
import JSON
import POSIX

/// Measures the HTTP server with `wrk`, or only serves, so that it can be measured from outside.
struct HTTPBenchmark {
    static let command = Command(
        "http", "requests a second of the HTTP server, with wrk on one thread and 64 connections",
        details: """
            Measures a short text and a file of 1 MiB, served by a router of its own. With --server, instead of the file,
            what clients ask of a running finetuned: its newest job, the lists, a page of events, a static file, the newest
            file, and an upload of 64 KiB (what was uploaded is deleted afterwards).
            """,
        options: [
            Option("seconds", "N", "how long each is measured, 5 without it"),
            Option("server", "URL", "a running server to be measured: http://127.0.0.1:8080"),
            Option("token", "TOKEN", "its token, with the scopes read and submit; FINETUNED_TOKEN without it"),
            Option("wrk", "PATH", "the load generator, /usr/bin/wrk without it"),
            Option("serve", "PORT", "only serve, on this port, to be measured from outside"),
            .toggle("json", "print one line of JSON for each route"),
        ])

    private let generator: LoadGenerator
    private let port: UInt16?
    private let server: MeasuredServer?
    private let printsJSON: Bool

    /// Reads what follows `Benchmarks http`.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        generator = LoadGenerator(
            path: arguments["wrk"] ?? "/usr/bin/wrk", seconds: try arguments.integer("seconds", in: 1...3600) ?? 5)
        port = try arguments.integer("serve", in: 0...65_535).map { UInt16($0) }
        let token = arguments["token"] ?? ProcessInfo.processInfo.environment["FINETUNED_TOKEN"]
        server = arguments["server"].map { url in
            MeasuredServer(origin: url.hasSuffix("/") ? String(url.dropLast()) : url, token: token)
        }
        printsJSON = arguments.has("json")
    }

    /// Prints a row a route, or serves until it is stopped.
    func run() async throws {
        let file = NSTemporaryDirectory() + "http-benchmark-\(getpid())"
        defer { unlink(file) }
        try DurableFile.write([UInt8](repeating: 0x61, count: 1 << 20), to: file)
        let configuration = ServerConfiguration(address: .loopback(port: port ?? 0))
        let own = Server(configuration: configuration, router: Self.router(file: file))
        let address = try await own.start()
        if port != nil {
            print("serving \(address): /text /echo /file /events")
            return try await own.waitUntilStopped()
        }
        var report = Report(printsJSON: printsJSON)
        try await measure("text", "http://\(address)/text", to: &report)
        if server == nil { try await measure("file of 1 MiB", "http://\(address)/file", to: &report) }
        try await own.drain()
        if let server { try await measure(server, to: &report) }
        report.printTable()
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

    private func measure(_ server: MeasuredServer, to report: inout Report) async throws {
        for route in try await server.routes() {
            try await measure(route.name, server.origin + route.path, script: route.script, to: &report)
        }
        try await server.clear()
    }

    private func measure(_ name: String, _ url: String, script: String = "", to report: inout Report) async throws {
        let figures = try await generator.measure(url, script: script)
        report.add([
            ("route", .string(name)), ("requests_per_second", JSONValue(Int(figures.requestsPerSecond.rounded()))),
            ("p50_ms", Report.rounded(figures.p50, 2)), ("p99_ms", Report.rounded(figures.p99, 2)),
            ("failures", JSONValue(figures.failures)),
        ])
    }
}
