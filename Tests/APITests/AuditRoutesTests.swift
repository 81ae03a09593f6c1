import FineTuning
import HTTP
import JSON
import Storage
import Testing

@testable import API

struct AuditRoutesTests {
    private func entries(_ client: TestClient) async throws -> [JSONValue] {
        let list = try await client.get("/v1/audit?limit=100")
        #expect(list.status == 200)
        return try (list.json["data"]?.array ?? []).reversed()
    }

    @Test func `What a client does is told with its token, its address and what it was done to`() async throws {
        try await TestServer.run { server in
            let made = try await server.database.tokens.create(name: "ci", scopes: [.admin], by: .commandLine)
            let client = server.client(token: made.secret)
            let file = try await client.upload("{\"text\":\"a\",\"label\":\"bug\"}\n").json["id"]?.string ?? ""
            _ = try await client.get("/v1/files/\(file)/content")
            _ = try await client.send("HEAD", "/v1/files/\(file)/content")
            _ = try await client.get("/v1/files/\(file)")
            let created = try await client.post(
                "/v1/fine_tuning/jobs", ["model": "tiny-bert", "training_file": .string(file)])
            let job = try created.json["id"]?.string ?? ""
            #expect(try await client.post("/v1/fine_tuning/jobs/\(job)/cancel").status == 200)
            #expect(try await client.delete("/v1/files/\(file)").status == 200)
            let entries = try await entries(client)
            #expect(
                entries.map { $0["action"]?.string } == [
                    "token.create", "file.create", "file.download", "job.create", "job.cancel", "file.delete",
                ])
            #expect(entries.map { $0["subject"]?.string } == [made.token.id, file, file, job, job, file])
            for entry in entries.dropFirst() {
                #expect(entry["actor"]?.string == made.token.id)
                #expect(entry["actor_name"] == "ci")
                #expect(entry["address"] == "127.0.0.1")
                #expect(entry["outcome"] == "done")
                #expect(entry["object"] == "audit.entry")
                #expect(entry["created_at"]?.integer ?? 0 > 1_700_000_000)
            }
            #expect(entries[0]["actor"] == "operator" && entries[0]["address"] == .null)
        }
    }

    @Test func `Checkpoints taken home and models deleted are told`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.checkpoint(5, job, ["config.json": "{}"])
            let model = try await server.succeed(job, step: 5)
            let path = "/v1/fine_tuning/jobs/\(job.id)/checkpoints"
            let checkpoint = try await server.client.get(path).json["data"]?.array?.first?["id"]?.string ?? ""
            #expect(try await server.client.get("\(path)/\(checkpoint)/content").status == 200)
            #expect(try await server.client.get("\(path)/\(checkpoint)/files/config.json").status == 200)
            #expect(try await server.client.get("\(path)/\(checkpoint)/files/none").status == 404)
            #expect(try await server.client.delete("/v1/models/\(model.name)").status == 200)
            let entries = try await entries(server.client).suffix(3)
            #expect(
                entries.map { $0["action"]?.string } == ["checkpoint.download", "checkpoint.download", "model.delete"])
            #expect(entries.map { $0["subject"]?.string } == [checkpoint, checkpoint, model.name])
            #expect(entries.allSatisfy { $0["actor"] == "anonymous" && $0["actor_name"] == .null })
        }
    }

    @Test func `What a scope or a quota refuses is told, a mistake is not`() async throws {
        try await TestServer.run { server in
            let tokens = server.database.tokens
            let admin = server.client(token: try await tokens.create(name: "a", scopes: [.admin]).secret)
            let read = server.client(token: try await tokens.create(name: "r", scopes: [.read]).secret)
            let poor = server.client(
                token: try await tokens.create(name: "p", scopes: [.submit], quota: Quota(storedBytes: 3)).secret)
            #expect(try await read.delete("/v1/files/file-1").status == 403)
            #expect(try await read.get("/v1/audit").status == 403)
            #expect(try await poor.get("/v1/audit").status == 403)
            #expect(try await poor.upload("1234").status == 413)
            #expect(try await admin.delete("/v1/files/file-1").status == 404)
            #expect(try await admin.post("/v1/fine_tuning/jobs", [:]).status == 400)
            #expect(try await server.client(token: "wrong").delete("/v1/files/file-1").status == 401)
            let entries = try await entries(admin)
            #expect(entries.map { $0["actor_name"] } == ["r", "p"])
            #expect(entries.map { $0["action"] } == ["file.delete", "file.create"])
            #expect(entries.map { $0["subject"] } == ["file-1", .null])
            #expect(entries.map { $0["outcome"] } == ["insufficient_scope", "quota_exceeded"])
        }
    }

    @Test func `It is read page by page`() async throws {
        try await TestServer.run { server in
            for _ in 0..<5 { _ = try await server.upload() }
            let first = try await server.client.get("/v1/audit?limit=3").json
            #expect(first["data"]?.array?.count == 3)
            #expect(first["has_more"] == true)
            let last = try #require(first["last_id"]?.string)
            let second = try await server.client.get("/v1/audit?limit=3&after=\(last)").json
            #expect(second["data"]?.array?.count == 2)
            #expect(second["has_more"] == false)
            for query in ["limit=0", "limit=1001", "after=none"] {
                #expect(try await server.client.get("/v1/audit?\(query)").status == 400)
            }
        }
    }

    @Test func `Every action has an operation or a command, and the description names them all`() async throws {
        try await TestServer.run { server in
            let audited = Set(server.api.endpoints.compactMap(\.action))
            #expect(audited == Set(AuditAction.allCases).subtracting([.tokenCreate, .tokenRevoke]))
            let schemas = try await server.client.get("/v1/openapi.json").json["components"]?["schemas"]
            let named = schemas?["AuditEntry"]?["properties"]?["action"]?["enum"]?.array?.compactMap(\.string)
            #expect(named.map(Set.init) == Set(AuditAction.allCases.map(\.rawValue)))
            // What changes something is told, whoever adds an operation.
            for endpoint in server.api.endpoints where endpoint.scope == .submit || endpoint.method == .delete {
                #expect(endpoint.action != nil, "\(endpoint.method) \(endpoint.pattern)")
            }
        }
    }
}
