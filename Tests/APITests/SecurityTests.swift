import Foundation
import HTTP
import Testing

@testable import API

struct SecurityTests {
    private let next: Handler = { _ in .text("reached") }

    @Test(arguments: [
        "localhost", "localhost:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:8080", "LOCALHOST", "tune.example:80",
    ])
    func `The server's own names are answered`(authority: String) {
        #expect(HostCheck(names: ["tune.example"], allowsAddresses: false).allows(authority))
    }

    @Test(arguments: [
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.5", "[fe80::1]", "", "127.1",
        "127.0.0.1x", "xlocalhost", "localhost@evil.example",
    ])
    func `Foreign names are misdirected`(authority: String) async throws {
        let check = HostCheck(names: ["tune.example"], allowsAddresses: false)
        #expect(!check.allows(authority))
        let request = try Request(.get, "/v1/models", headers: ["Host": authority])
        let error = await #expect(throws: APIError.self) { try await check(request, next) }
        #expect(error?.status.code == 421)
    }

    @Test func `On a public address any address is answered, and still no foreign name`() {
        let check = HostCheck(names: [], allowsAddresses: true)
        #expect(check.allows("192.168.1.5:8080"))
        #expect(check.allows("[fe80::1]:8080"))
        #expect(!check.allows("evil.example:8080"))
    }

    @Test(arguments: [
        ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", "http://localhost:9999"),
        ("Origin", "http://localhost:8080.evil.example"), ("Sec-Fetch-Site", "cross-site"),
    ])
    func `A page elsewhere cannot change anything`(name: String, value: String) async throws {
        for method in [HTTP.Method.post, .delete] {
            let request = try Request(method, "/v1/files", headers: ["Host": "localhost:8080", name: value])
            let error = await #expect(throws: APIError.self) { try await OriginCheck.check(request, next) }
            #expect(error?.status.code == 403)
        }
    }

    @Test(arguments: [
        ("http://localhost:8080", "localhost:8080"), ("https://tune.example", "tune.example"),
        ("http://tune.example", "tune.example:80"), ("https://tune.example:443", "tune.example"),
    ])
    func `The server's own pages can`(origin: String, host: String) async throws {
        let request = try Request(.post, "/v1/files", headers: ["Host": host, "Origin": origin])
        _ = try await OriginCheck.check(request, next)
    }

    @Test(arguments: ["same-origin", "none"])
    func `A browser's own requests can`(site: String) async throws {
        let request = try Request(.post, "/v1/files", headers: ["Host": "localhost:8080", "Sec-Fetch-Site": site])
        _ = try await OriginCheck.check(request, next)
    }

    @Test func `No page holds script or style of its own, which its policy would not run`() throws {
        let folder = "\(TestServer.root)/public"
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let pages = names.filter { $0.hasSuffix(".html") || $0.hasSuffix(".svg") }
        #expect(pages.count >= 8)
        for page in pages {
            let text = try String(contentsOfFile: "\(folder)/\(page)", encoding: .utf8)
            for script in text.matches(of: /<script([^>]*)>([^<]*)/.ignoresCase()) {
                #expect(script.1.contains("src=\"/") && script.2.allSatisfy(\.isWhitespace), "\(page): \(script.0)")
            }
            let inline = /<style|<[^>]*\s(style|on[a-z]+)\s*=|javascript:|<(iframe|object|embed|base)\b/.ignoresCase()
            #expect(text.firstMatch(of: inline) == nil, "\(page)")
        }
        let policy = try #require(StaticFiles.secureHeaders["Content-Security-Policy"])
        for directive in ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            #expect(policy.contains(directive))
        }
        #expect(!policy.contains("unsafe") && !policy.contains("script-src") && !policy.contains("*"))
    }

    @Test func `Reading from elsewhere is left to the browser, which shows nothing of it to the page`() async throws {
        let request = try Request(.get, "/", headers: ["Host": "localhost", "Origin": "http://evil.example"])
        let response = try await SecurityHeaders.add(request, { _ in .text("x") })
        _ = try await OriginCheck.check(request, next)
        #expect(response.headers["Access-Control-Allow-Origin"] == nil)
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
        #expect(response.headers["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
    }
}
