import Testing

@testable import HTTP

struct RouterTests {
    private func answer(_ router: Router, _ method: HTTP.Method, _ target: String) async throws -> Response {
        try await router.makeHandler()(router.routed(Request(method, target)))
    }

    private func text(_ response: Response) -> String? {
        if case .bytes(let bytes) = response.body { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    private var router: Router {
        var router = Router()
        router.add(.get, "/") { _ in .text("root") }
        router.add(.get, "/files") { _ in .text("list") }
        router.add(.post, "/files") { _ in .text("create") }
        router.add(.get, "/files/latest") { _ in .text("latest") }
        router.add(.get, "/files/{id}/content") { .text("content of \($0.parameters["id"] ?? "")") }
        router.add(.delete, "/files/{id}") { .text("delete \($0.parameters["id"] ?? "")") }
        router.add(.get, "/public/{path...}") { .text($0.tail.joined(separator: "|")) }
        return router
    }

    @Test(arguments: [
        ("/", "root"), ("/files", "list"), ("/files/latest", "latest"), ("/files/a%2Fb/content", "content of a/b"),
        ("/files/latest/content", "content of latest"), ("/files/ft:m:o:x/content", "content of ft:m:o:x"),
        ("/public", ""), ("/public/", ""), ("/public/a/b%2Fc", "a|b/c"),
    ])
    func `a path finds its route`(target: String, expected: String) async throws {
        #expect(text(try await answer(router, .get, target)) == expected)
    }

    @Test(arguments: ["/nothing", "/files/", "/files//content", "/files/a/content/b", "//", "/FILES"])
    func `a path without a route is 404`(target: String) async throws {
        let error = await #expect(throws: HTTPError.self) { try await answer(router, .get, target) }
        #expect(error?.status == .notFound)
    }

    @Test func `another method is 405 with what is allowed, OPTIONS says so, HEAD goes where GET does`() async throws {
        let error = await #expect(throws: HTTPError.self) { try await answer(router, .put, "/files") }
        #expect(error?.status == .methodNotAllowed)
        #expect(error?.headers["Allow"] == "GET, HEAD, POST, OPTIONS")
        #expect(try await answer(router, .options, "/files/x").headers["Allow"] == "DELETE, OPTIONS")
        #expect(try await answer(router, .options, "*").headers["Allow"]?.contains("PATCH") == true)
        #expect(text(try await answer(router, .head, "/files")) == "list")
    }

    @Test func `middleware runs in order, before 404 too, and leaves word for the handler`() async throws {
        var router = Router()
        router.use { request, next in
            var request = request
            request.context = "who"
            var response = try await next(request)
            response.headers.append("X-Trace", "outer")
            return response
        }
        router.use { request, next in
            if request.query.first("stop") != nil { return .text("stopped \(request.route ?? "nowhere")") }
            return try await next(request)
        }
        router.add(.get, "/a/{b}") { .text("\($0.context as? String ?? "") \($0.route ?? "")") }
        let response = try await answer(router, .get, "/a/1")
        #expect(text(response) == "who /a/{b}")
        #expect(response.headers["X-Trace"] == "outer")
        #expect(text(try await answer(router, .get, "/none?stop")) == "stopped nowhere")
    }

    @Test func `a query keeps order and nesting`() throws {
        let query = try Request(.get, "/?metadata%5Ba%5D=b+c&limit=5&x&limit=6&bad=%zz").query
        #expect(query.map(\.name) == ["metadata[a]", "limit", "x", "limit", "bad"])
        #expect(query.first("metadata[a]") == "b c")
        #expect(query.all("limit") == ["5", "6"])
        #expect(query.first("x") == "")
        #expect(query.first("none") == nil)
    }
}
