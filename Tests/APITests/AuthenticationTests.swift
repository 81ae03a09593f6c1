import HTTP
import JSON
import POSIX
import Storage
import Testing

@testable import API

struct AuthenticationTests {
    @Test func `Without any token loopback is open, whatever key a client sends`() async throws {
        try await TestServer.run { server in
            let (without, with) = (server.client, server.client(token: "anything"))
            let answers = [try await without.get("/v1/models"), try await with.get("/v1/models")]
            #expect(answers.map(\.status) == [200, 200])
        }
    }

    @Test func `On another address a token is needed even while none exists`() async throws {
        try await TestServer.run(configure: { $0.listensOnLoopbackOnly = false }) { server in
            let answer = try await server.client.get("/v1/models")
            #expect(answer.status == 401)
            #expect(answer["www-authenticate"] == "Bearer realm=\"finetuned\"")
        }
    }

    @Test func `With a token every operation asks for it, the dashboard's files do not`() async throws {
        try await TestServer.run { server in
            let made = try await server.database.tokens.create(name: "ci", scopes: [.admin])
            for endpoint in server.api.endpoints where endpoint.scope != nil {
                let path = endpoint.pattern.replacing("{", with: "").replacing("}", with: "")
                let answer = try await server.client.send(endpoint.method.rawValue, path)
                #expect(answer.status == 401, "\(endpoint.method) \(path)")
                #expect(try answer.error("code") == "invalid_api_key")
                #expect(answer["www-authenticate"] != nil)
            }
            #expect(try await server.client.get("/v1/nothing").status == 401)
            #expect(try await server.client.get("/nothing").status == 404)
            #expect(try await server.client(token: made.secret).get("/v1/models").status == 200)
        }
    }

    @Test(arguments: ["", "x", "Bearer", "Basic dXNlcjpwYXNz", "Bearer ", "Bearer wrong", "bearer  "])
    func `A wrong Authorization header is refused`(header: String) async throws {
        try await TestServer.run { server in
            _ = try await server.database.tokens.create(name: "ci", scopes: [.read])
            let answer = try await server.client.get("/v1/models", headers: ["Authorization": header])
            #expect(answer.status == 401)
        }
    }

    @Test func `A revoked token and a token with one letter changed are refused`() async throws {
        try await TestServer.run { server in
            let made = try await server.database.tokens.create(name: "old", scopes: [.read])
            _ = try await server.database.tokens.create(name: "new", scopes: [.read])
            #expect(try await server.client(token: made.secret).get("/v1/models").status == 200)
            #expect(try await server.client(token: made.secret + "0").get("/v1/models").status == 401)
            #expect(try await server.client(token: String(made.secret.dropLast())).get("/v1/models").status == 401)
            try await server.database.tokens.revoke("old")
            #expect(try await server.client(token: made.secret).get("/v1/models").status == 401)
        }
    }

    @Test func `A scope reaches so far and no further`() async throws {
        try await TestServer.run { server in
            let read = server.client(token: try await server.database.tokens.create(name: "r", scopes: [.read]).secret)
            let submit = server.client(
                token: try await server.database.tokens.create(name: "s", scopes: [.submit]).secret)
            let admin = server.client(
                token: try await server.database.tokens.create(name: "a", scopes: [.admin]).secret)
            #expect(try await read.get("/v1/files").status == 200)
            let refused = try await read.upload("x")
            #expect(refused.status == 403)
            #expect(try refused.error("type") == "permission_error")
            #expect(try refused.error("message")?.string?.contains("submit") == true)
            #expect(try await submit.upload("x").status == 200)
            #expect(try await submit.delete("/v1/models/none").status == 403)
            #expect(try await admin.delete("/v1/models/none").status == 404)
        }
    }

    @Test func `A token is refused before an upload is read`() async throws {
        try await TestServer.run { server in
            _ = try await server.database.tokens.create(name: "ci", scopes: [.read])
            #expect(try await server.client.upload(String(repeating: "x", count: 1 << 20)).status == 401)
        }
    }

    @Test func `A second try is recognised for the same token only`() async throws {
        try await TestServer.run { server in
            let one = server.client(token: try await server.database.tokens.create(name: "1", scopes: [.submit]).secret)
            let two = server.client(token: try await server.database.tokens.create(name: "2", scopes: [.submit]).secret)
            let file = try await one.upload("{\"text\":\"a\",\"label\":\"b\"}").json["id"] ?? .null
            let body: JSONValue = ["model": "tiny-bert", "training_file": file]
            let retry = ["x-stainless-retry-count": "1"]
            let first = try await one.post("/v1/fine_tuning/jobs", body).json["id"]
            #expect(try await two.post("/v1/fine_tuning/jobs", body, headers: retry).json["id"] != first)
            #expect(try await one.post("/v1/fine_tuning/jobs", body, headers: retry).json["id"] == first)
        }
    }

    @Test func `A foreign host is misdirected, a foreign page changes nothing`() async throws {
        try await TestServer.run { server in
            let host = try await server.client.get("/", headers: ["Host": "evil.example"])
            #expect(host.status == 421)
            #expect(try host.error("code") == "unknown_host")
            let origin = try await server.client.post(
                "/v1/fine_tuning/jobs", ["a": 1], headers: ["Origin": "http://evil.example"])
            #expect(origin.status == 403)
            #expect(try origin.error("code") == "foreign_origin")
            let own = "http://localhost:\(server.client.address.port)"
            let same = try await server.client.post("/v1/fine_tuning/jobs", ["a": 1], headers: ["Origin": own])
            #expect(same.status == 400)
        }
    }
}

/// Guessing.
extension AuthenticationTests {
    @Test func `In a storm of wrong tokens from its own address a valid one is served at once, every time`()
        async throws
    {
        try await TestServer.run { server in
            let made = try await server.database.tokens.create(name: "ci", scopes: [.read])
            let valid = server.client(token: made.secret)
            let start = ContinuousClock.now
            let (wrong, served) = try await withThrowingTaskGroup(of: [Int].self) { group in
                for storm in 0..<4 {
                    group.addTask {
                        var statuses: [Int] = []
                        for number in 0..<100 {
                            let client = server.client(token: "ft-\(storm)-\(number)")
                            statuses.append(try await client.get("/v1/models").status)
                        }
                        return statuses
                    }
                }
                var served: [Int] = []
                for _ in 0..<100 { served.append(try await valid.get("/v1/models").status) }
                return (try await group.reduce(into: []) { $0 += $1 }, served)
            }
            #expect(served == Array(repeating: 200, count: 100))
            #expect(Set(wrong) == [401, 429])
            let regained = Int((ContinuousClock.now - start) / WrongTokenThrottle.interval) + 1
            let answered = wrong.count { $0 == 401 }
            #expect((WrongTokenThrottle.burst...WrongTokenThrottle.burst + regained).contains(answered))
        }
    }

    @Test func `Too many wrong tokens are told when to come back, whatever a proxy's header claims`() async throws {
        try await TestServer.run { server in
            _ = try await server.database.tokens.create(name: "ci", scopes: [.read])
            var answers: [TestClient.Answer] = []
            // A slow machine may regain some of its allowance meanwhile.
            while answers.last?.status != 429, answers.count < 1000 {
                let number = answers.count
                let headers = ["X-Forwarded-For": "192.0.2.\(number)", "Forwarded": "for=192.0.2.\(number)"]
                answers.append(try await server.client(token: "guess \(number)").get("/v1/models", headers: headers))
            }
            let last = answers.removeLast()
            #expect(answers.count >= WrongTokenThrottle.burst && answers.allSatisfy { $0.status == 401 })
            #expect(last.status == 429)
            #expect((1...5).contains(Int(last["retry-after"] ?? "") ?? 0))
            #expect(try last.error("type") == "rate_limit_error")
            #expect(try last.error("code") == "too_many_wrong_tokens")
            // Who sends no token at all guesses nothing: a browser is asked for one as before.
            let asked = try await server.client.get("/v1/models").status
            #expect(asked == 401)
        }
    }

    @Test func `While no token exists no key is wrong`() async throws {
        try await TestServer.run { server in
            for number in 0..<(2 * WrongTokenThrottle.burst) {
                let answer = try await server.client(token: "\(number)").get("/v1/models")
                #expect(answer.status == 200)
            }
        }
    }
}
