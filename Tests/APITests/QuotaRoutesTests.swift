import Foundation
import JSON
import Storage
import Testing

@testable import API

struct QuotaRoutesTests {
    @Test func `More waiting jobs than the quota are refused with what is used and what to do`() async throws {
        try await TestServer.run { server in
            let quota = Quota(queuedJobs: 2)
            let client = server.client(
                token: try await server.database.tokens.create(name: "ci", scopes: [.submit], quota: quota).secret)
            let file = try await client.upload("{\"text\":\"a\",\"label\":\"b\"}").json["id"] ?? .null
            let body: JSONValue = ["model": "tiny-bert", "training_file": file]
            let answers = try await withThrowingTaskGroup(of: TestClient.Answer.self) { group in
                for _ in 0..<8 { group.addTask { try await client.post("/v1/fine_tuning/jobs", body) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.status == 200 } == 2)
            let refused = answers.filter { $0.status == 429 }
            #expect(refused.count == 6)
            for answer in refused {
                #expect(try answer.error("type") == "rate_limit_error")
                #expect(try answer.error("code") == "quota_exceeded")
                let message = try answer.error("message")?.string ?? ""
                #expect(message.contains("beside 2") && message.contains("quota is 2") && message.contains("cancel"))
                #expect(answer["x-should-retry"] == "false")
            }
        }
    }

    @Test func `A file beyond the quota is refused and leaves nothing behind, also where it comes in many pieces`()
        async throws
    {
        try await TestServer.run { server in
            let quota = Quota(storedBytes: 100_000)
            let client = server.client(
                token: try await server.database.tokens.create(name: "ci", scopes: [.submit], quota: quota).secret)
            let line = String(repeating: "x", count: 40_000)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await client.upload(line).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 200, 413, 413, 413, 413])
            let refused = try await client.upload(String(repeating: "x", count: 5_000_000))
            #expect(refused.status == 413)
            #expect(try refused.error("code") == "quota_exceeded")
            #expect(try refused.error("param") == "file")
            let message = try refused.error("message")?.string ?? ""
            #expect(message.contains("80000 bytes") && message.contains("quota is 100000 bytes"))
            #expect(message.contains("DELETE /v1/files"))
            #expect(try await client.upload("20 more").status == 200)
            let data = server.database.directory.path
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(data)/files").count == 3)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(data)/tmp") == [])
        }
    }
}
