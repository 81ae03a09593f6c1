import Foundation
import Testing

@testable import HTTP

final class StaticFilesTests {
    private let root: String
    private let directory: String
    private let files: StaticFiles

    init() throws {
        root = NSTemporaryDirectory() + "static-\(UUID().uuidString)"
        directory = root + "/public"
        try FileManager.default.createDirectory(atPath: directory + "/docs", withIntermediateDirectories: true)
        try "secret".write(toFile: root + "/secret.txt", atomically: true, encoding: .utf8)
        try "<h1>home</h1>".write(toFile: directory + "/index.html", atomically: true, encoding: .utf8)
        try "<h1>docs</h1>".write(toFile: directory + "/docs/index.html", atomically: true, encoding: .utf8)
        try String(repeating: "let x = 1;\n", count: 500).write(
            toFile: directory + "/app.js", atomically: true, encoding: .utf8)
        try "hidden".write(toFile: directory + "/.env", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: directory + "/link.txt", withDestinationPath: root + "/secret.txt")
        files = StaticFiles(directory: directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    private func get(_ target: String, _ headers: Headers = [:]) async throws -> PreparedResponse {
        var router = Router()
        router.add(.get, "/{path...}", files.handler)
        let request = router.routed(try Request(.get, target, headers: headers))
        return try PreparedResponse(try await router.makeHandler()(request), to: request) { BodyWriter {} }
    }

    private func length(_ response: PreparedResponse) -> Int? {
        if case .pieces(_, let length) = response.body { length } else { nil }
    }

    @Test(arguments: [
        ("/", "text/html; charset=utf-8", 13), ("/docs/", "text/html; charset=utf-8", 13),
        ("/app.js", "text/javascript; charset=utf-8", 5500),
    ])
    func `a file comes with its type, a tag and the headers of safety`(target: String, type: String, size: Int)
        async throws
    {
        let response = try await get(target)
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == type)
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
        #expect(response.headers["Content-Security-Policy"]?.contains("unsafe") == false)
        #expect(length(response) == size)
        let tag = try #require(response.headers["ETag"])
        #expect(try await get(target, ["If-None-Match": tag]).status == .notModified)
    }

    @Test(arguments: [
        "/.env", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/docs/..%2F..%2Fsecret.txt", "/link.txt",
        "/docs/../app.js", "/./app.js", "/nothing", "//app.js", "/app.js/", "/docs%2Findex.html", "/...",
    ])
    func `nothing hidden, linked or outside is served`(target: String) async throws {
        let error = await #expect(throws: HTTPError.self) { try await get(target) }
        #expect(error?.status == .notFound)
    }

    @Test func `text is sent as gzip to who takes it, with a tag of its own`() async throws {
        let plain = try await get("/app.js")
        let gzip = try await get("/app.js", ["Accept-Encoding": "br, gzip;q=0.5"])
        #expect(gzip.headers["Content-Encoding"] == "gzip")
        #expect(try #require(length(gzip)) < 500)
        #expect(gzip.headers["ETag"] != plain.headers["ETag"])
        #expect(plain.headers["Vary"] == "Accept-Encoding")
        #expect(try await get("/app.js", ["Accept-Encoding": "gzip;q=0"]).headers["Content-Encoding"] == nil)
        let range = try await get("/app.js", ["Accept-Encoding": "gzip", "Range": "bytes=0-3"])
        #expect(range.headers["Content-Encoding"] == nil && range.status == .partialContent && length(range) == 4)
    }

    @Test func `a changed file is served anew`() async throws {
        let tag = try #require(try await get("/app.js").headers["ETag"])
        try "let y = 2;".write(toFile: directory + "/app.js", atomically: true, encoding: .utf8)
        let response = try await get("/app.js", ["If-None-Match": tag])
        #expect(response.status == .ok && length(response) == 10)
    }

    @Test func `a directory without its slash is redirected`() async throws {
        let response = try await get("/docs")
        #expect(response.status == .permanentRedirect && response.headers["Location"] == "/docs/")
    }
}
