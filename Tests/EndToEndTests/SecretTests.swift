import Foundation
import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("A token's secret")
    struct SecretTests {
        /// Sends a request as it stands and reads the answer's status line.
        private func raw(_ request: String, to port: UInt16) async throws -> String {
            try await withCheckedThrowingContinuation { continuation in
                PlatformThread.detach(name: "client") {
                    continuation.resume(
                        with: Result {
                            let socket = try Socket.connected(to: .loopback(port: port))
                            try socket.setTimeout(seconds: 60)
                            try socket.descriptor.write(all: Array(request.utf8))
                            let answer = String(decoding: try socket.descriptor.read(upTo: 4096), as: UTF8.self)
                            return answer.components(separatedBy: "\r\n")[0]
                        })
                }
            }
        }

        /// Everywhere that a client may put its token by mistake.
        private func misplaced(_ secret: String, _ port: UInt16) -> [String] {
            let end = "Host: 127.0.0.1:\(port)\r\nConnection: close\r\n"
            let valid = "Authorization: Bearer \(secret)\r\n"
            return [
                "GET /v1/models?token=\(secret)&api_key=\(secret) HTTP/1.1\r\n\(end)\r\n",
                "GET /v1/fine_tuning/jobs?after=\(secret)&limit=1 HTTP/1.1\r\n\(end)\(valid)\r\n",
                "GET /v1/models/\(secret) HTTP/1.1\r\n\(end)\(valid)\r\n",
                "GET /\(secret)/index.html HTTP/1.1\r\n\(end)\r\n",
                "DELETE /v1/files/\(secret) HTTP/1.1\r\n\(end)\(valid)\r\n",
                "DELETE /v1/models/ft:\(secret) HTTP/1.1\r\n\(end)\(valid)\r\n",
                "GET /v1/models HTTP/1.1\r\n\(end)Authorization: Basic \(secret)\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\n\(end)Authorization: \(secret)\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\n\(end)Authorization: Bearer \(secret) \r\n\r\n",
                "GET /v1/models HTTP/1.1\r\n\(end)Authorization: Bearer \(secret)0\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\n\(end)X-Api-Key: \(secret)\r\nCookie: token=\(secret)\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\n\(end)\(valid)User-Agent: \(secret)\r\nReferer: http://x/\(secret)\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: \(secret)\r\nConnection: close\r\n\r\n",
                "\(secret) / HTTP/1.1\r\n\(end)\r\n",
                "GET \(secret) HTTP/1.1\r\n\(end)\r\n",
                "POST /v1/fine_tuning/jobs HTTP/1.1\r\n\(end)\(valid)Content-Type: application/json\r\n"
                    + "Content-Length: \(secret.utf8.count + 13)\r\n\r\n{\"model\": \"\(secret)\"}",
                "POST /v1/fine_tuning/jobs HTTP/1.1\r\n\(end)\(valid)Content-Type: \(secret)\r\n"
                    + "Content-Length: 2\r\n\r\n{}",
            ]
        }

        @Test func `is in no log, no file and no process, whatever was done with it and whatever died meanwhile`()
            async throws
        {
            try await Daemon.run { daemon in
                let made = try await Program.finetuned(
                    "token", "create", "hygiene", "--data", daemon.data, "--max-queued", "9", "--max-bytes", "1GB")
                let secret = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
                #expect(secret.wholeMatch(of: /ft-[0-9a-f]{48}/) != nil)
                #expect(!made.errors.contains(secret))
                var client = await daemon.client
                #expect(try await client.get("/v1/models").status == 401)
                client.token = secret

                for request in misplaced(secret, client.port) {
                    let status = try await raw(request, to: client.port)
                    #expect(status.hasPrefix("HTTP/1.1 "), "\(request)")
                }
                let id = try await client.createJob(epochs: 100, checkpointEvery: 40)
                try await client.wait(id, step: 45)
                try await lookEverywhere(for: secret, daemon)
                for worker in try daemon.workers() { try Signals.send(.kill, to: worker) }
                try await client.wait(id, step: 50)
                try await daemon.kill()
                try await daemon.restart()
                client = await daemon.client
                client.token = secret
                #expect(try await client.finished(id)["status"] == "succeeded")
                let model = try await client.job(id)["fine_tuned_model"]?.string ?? ""
                let body: JSONValue = ["model": .string(model), "input": "where is my parcel"]
                #expect(try await client.post("/v1/predictions", body).status == 200)
                // Now there is also the process that answers.
                try await lookEverywhere(for: secret, daemon)
                #expect(daemon.log.contains("path=\"/v1/models/ft-…\""))
                let audit = try await Program.finetuned("audit", "--data", daemon.data)
                #expect(audit.exit == .exited(0))
                #expect(!audit.output.contains(secret))
                for words in ["operator\t-\t-\ttoken.create", "hygiene\t127.0.0.1\tjob.create\t\(id)\tdone"] {
                    #expect(audit.output.contains(words), "\(audit.output)")
                }
                let list = try await Program.finetuned("token", "list", "--data", daemon.data)
                #expect(list.output.contains("at most 9 queued, 1GB"))
                #expect(!list.output.contains(secret))
            }
        }

        /// Looks through the log, every file that the daemon wrote, and the arguments and environments of all processes.
        private func lookEverywhere(for secret: String, _ daemon: Daemon) async throws {
            // Without its prefix, so that it is also found where only its digits are kept.
            let digits = Data(secret.dropFirst(3).utf8)
            let root = daemon.directory.path
            var files: Set<String> = []
            for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init() {
                // A file of a moment, such as a checkpoint being written, may be gone again.
                guard let content = FileManager.default.contents(atPath: "\(root)/\(name)") else { continue }
                files.insert(name)
                #expect(content.range(of: digits) == nil, "\(name) holds the secret")
            }
            #expect(files.isSuperset(of: ["log", "data/finetuned.sqlite", "data/finetuned.sqlite-wal"]))
            #expect(
                files.contains { $0.hasSuffix("/recipe.json") } && files.contains { $0.hasSuffix("/journal.jsonl") })

            var seen: [String] = []
            for process in try FileManager.default.contentsOfDirectory(atPath: "/proc") where Int32(process) != nil {
                guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { continue }
                #expect(line.range(of: digits) == nil, "the arguments of \(process) hold the secret")
                if let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ") {
                    #expect(environment.range(of: digits) == nil, "the environment of \(process) holds the secret")
                }
                let words = String(decoding: line, as: UTF8.self)
                if words.contains(root) || words.contains("finetune-worker") { seen.append(words) }
            }
            #expect(seen.contains { $0.contains("serve") })
            #expect(seen.contains { $0.contains("finetune-worker") })
        }
    }
}
