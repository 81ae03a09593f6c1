import FineTuning
import HTTP
import JSON
import Storage
import Testing

@testable import API

struct SystemRoutesTests {
    @Test func `The system tells its figures`() async throws {
        try await TestServer.run { server in
            let system = try await server.client.get("/v1/system").json
            #expect(system["object"] == "system")
            #expect(system["version"] == "1.2.3")
            #expect(system["cores"]?.integer ?? 0 >= 1)
            let total = try #require(system["memory"]?["total_bytes"]?.integer)
            #expect(total > 1 << 28)
            #expect((1...total).contains(system["memory"]?["available_bytes"]?.integer ?? 0))
            #expect(system["disk"]?["free_bytes"]?.integer ?? 0 > 0)
            #expect(system["queue"] == ["queued": 0, "running": 0])
            _ = try await server.runningJob()
            _ = try await server.queuedJob()
            let busy = try await server.client.get("/v1/system").json
            #expect(busy["queue"] == ["queued": 1, "running": 1])
            #expect(busy["workers"]?["busy"] == 1)
        }
    }

    @Test func `Health and readiness need no token, metrics do`() async throws {
        try await TestServer.run { server in
            _ = try await server.database.tokens.create(name: "t", scopes: [.read])
            #expect(try await server.client.get("/healthz").json == ["status": "ok"])
            #expect(try await server.client.get("/readyz").json == ["status": "ok"])
            #expect(try await server.client.get("/metrics").status == 401)
        }
    }

    @Test func `Metrics are in the text format of Prometheus`() async throws {
        try await TestServer.run { server in
            _ = try await server.runningJob()
            _ = try await server.client.get("/v1/files/file-none")
            let answer = try await server.client.get("/metrics")
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.text.contains("finetuned_jobs{state=\"running\"} 1\n"))
            let series =
                "finetuned_http_requests_total{method=\"GET\",route=\"/v1/files/{file_id}\",status=\"404\"} 1\n"
            #expect(answer.text.contains(series))
            for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(line.wholeMatch(of: /[a-z_]+(\{([a-z]+="[^"]*",?)*\})? [-+0-9.e]+/) != nil, "\(line)")
            }
        }
    }

    @Test func `A label's quotes and line ends are escaped`() {
        var text = PrometheusText()
        text.add("m", .gauge, "Help.", [([("a", "x\"y\\z\n")], 1.5)])
        #expect(text.text == "# HELP m Help.\n# TYPE m gauge\nm{a=\"x\\\"y\\\\z\\n\"} 1.5\n")
    }

    /// A path as the description writes it: a tail of several segments is one parameter.
    private static func described(_ endpoint: Endpoint) -> String { endpoint.pattern.replacing("...}", with: "}") }

    @Test func `The description names every route and no other`() async throws {
        try await TestServer.run { server in
            let description = try await server.client.get("/v1/openapi.json").json
            var described: Set<String> = []
            for path in description["paths"]?.object?.members ?? [] {
                for operation in path.value.object?.members ?? [] {
                    described.insert("\(operation.name.uppercased()) \(path.name)")
                }
            }
            #expect(described == Set(server.api.endpoints.map { "\($0.method) \(Self.described($0))" }))
        }
    }

    @Test func `The webhook in the description tells each way in which a job can end`() async throws {
        try await TestServer.run { server in
            let schemas = try await server.client.get("/v1/openapi.json").json["components"]?["schemas"]
            let types = schemas?["WebhookEvent"]?["properties"]?["type"]?["enum"]?.array?.compactMap(\.string) ?? []
            let ends = JobState.allCases.filter(\.isTerminal).map { "fine_tuning.job.\($0.rawValue)" }
            #expect(types.sorted() == ends.sorted())
        }
    }

    @Test func `Bounds that a client reads in the description are those of the server`() async throws {
        try await TestServer.run { server in
            let description = try await server.client.get("/v1/openapi.json").json
            let job = try await server.queuedJob()
            let path = "/v1/fine_tuning/jobs/{job_id}/metrics"
            let parameters = description["paths"]?[path]?["get"]?["parameters"]?.array
            let after = parameters?.first { $0["name"] == "after" }?["schema"]
            let most = try #require(after?["maximum"]?.integer)
            let metrics = path.replacing("{job_id}", with: job.id)
            #expect(try await server.client.get("\(metrics)?after=\(most)").status == 200)
            #expect(try await server.client.get("\(metrics)?after=\(UInt(most) + 1)").status == 400)

            let sweep = description["components"]?["schemas"]?["SweepRequest"]?["properties"]?["parameters"]
            let pattern = try Regex(try #require(sweep?["propertyNames"]?["pattern"]?.string))
            for (place, isPlace) in [
                ("seed", true), ("strategy.dropout", true), ("", false), ("strategy..dropout", false),
                ("strategy.", false), ("training_file", false),
            ] {
                #expect((try pattern.wholeMatch(in: place) != nil) == isPlace, "\(place)")
                var settings = JSONObject()
                settings[place] = [0.125, 0.25]
                let answer = try await server.client.post(
                    "/v1/fine_tuning/jobs",
                    [
                        "model": "tiny-bert", "training_file": .string(job.trainingFile),
                        "sweep": ["parameters": .object(settings)],
                    ])
                let refused = try answer.json["error"]?["message"]?.string?.contains("not the place of a setting")
                #expect((refused ?? false) != isPlace, "\(place): \(answer.text)")
            }

            let form = description["paths"]?["/v1/files"]?["post"]?["requestBody"]?["content"]?["multipart/form-data"]
            #expect(
                form?["schema"]?["dependentRequired"] == ["expires_after[anchor]": ["expires_after[seconds]"]])
            let alone = try await server.client.upload(
                "{}", fields: [("purpose", "fine-tune"), ("expires_after[anchor]", "created_at")])
            #expect(alone.status == 400)
        }
    }

    @Test func `Operations that need no token are described so, and only they`() async throws {
        try await TestServer.run { server in
            let paths = try await server.client.get("/v1/openapi.json").json["paths"]
            for endpoint in server.api.endpoints {
                let operation = paths?[Self.described(endpoint)]?[endpoint.method.rawValue.lowercased()]
                #expect((operation?["security"] == []) == (endpoint.scope == nil), "\(endpoint.pattern)")
            }
        }
    }

    @Test(arguments: [
        ("POST", "/v1/uploads"), ("POST", "/v1/chat/completions"), ("POST", "/v1/completions"),
        ("POST", "/v1/audio/speech"), ("POST", "/v1/nothing/at/all"), ("GET", "/v1"), ("GET", "/v1/nothing"),
        ("DELETE", "/v1/nothing"), ("GET", "/nothing.html"),
    ])
    func `What is not there answers 404 with the error object`(method: String, path: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.send(method, path, body: method == "POST" ? Array("{}".utf8) : nil)
            #expect(answer.status == 404)
            let error = try #require(try answer.json["error"]?.object)
            #expect(Set(error.names) == ["message", "type", "param", "code"])
            #expect(answer["x-request-id"] != nil)
        }
    }

    @Test(arguments: [("TRACE", 405), ("QUERY", 405), ("PATCH", 405), ("BREW", 501)])
    func `A method of HTTP that is not possible answers 405, one that nobody knows 501`(
        method: String, status: Int
    ) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.send(method, "/v1/files", headers: ["X-Secret": "hush"])
            #expect(answer.status == status)
            #expect(try answer.error("message")?.string?.contains(method) == true)
            #expect(!answer.text.contains("hush"))
        }
    }

    @Test func `Another method answers 405 with Allow, OPTIONS tells, HEAD has no body`() async throws {
        try await TestServer.run { server in
            let answer = try await server.client.send("PUT", "/v1/files")
            #expect(answer.status == 405)
            #expect(answer["allow"]?.contains("POST") == true)
            #expect(try answer.error("code") == "method_not_allowed")
            let options = try await server.client.send("OPTIONS", "/v1/models")
            #expect(options.status == 204)
            #expect(options["allow"]?.contains("GET") == true)
            let head = try await server.client.send("HEAD", "/v1/models")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head["content-length"] != "0")
        }
    }

    @Test(arguments: ["/", "/v1/models", "/v1/files/none", "/nothing", "/healthz"])
    func `Every answer bears the security headers`(path: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.get(path)
            #expect(answer["x-content-type-options"] == "nosniff")
            #expect(answer["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
            #expect(answer["content-security-policy"]?.contains("unsafe-inline") == false)
            #expect(answer["referrer-policy"] == "no-referrer")
        }
    }
}
