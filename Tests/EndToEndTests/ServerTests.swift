import Foundation
import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("The daemon")
    struct ServerTests {
        @Test func `keeps a second one from its data directory and its port`() async throws {
            try await Daemon.run { daemon in
                let second = try await Program.finetuned("serve", "--data", daemon.data, "--listen", "127.0.0.1:0")
                #expect(second.exit == .exited(3))
                #expect(second.errors.contains("the data directory \(daemon.data) is in use"))
                let address = "127.0.0.1:\(await daemon.client.port)"
                let ready = "\(daemon.directory.path)/ready"
                try Data("http://127.0.0.1:1\n".utf8).write(to: URL(filePath: ready))
                let other = try await Program.finetuned(
                    "serve", "--data", "\(daemon.directory.path)/other", "--listen", address, "--ready-file", ready)
                #expect(other.exit == .exited(4))
                #expect(!FileManager.default.fileExists(atPath: ready), "an address of before is no address")
                #expect(other.errors.contains("another program listens on \(address)"))
                #expect(try await daemon.client.get("/healthz").status == 200)
            }
        }

        @Test func `stops in order on SIGTERM: streams end, the worker trains on, the next one takes it up`()
            async throws
        {
            try await Daemon.run { daemon in
                let id = try await daemon.client.createJob(epochs: 100, checkpointEvery: 100)
                try await daemon.client.wait(id, step: 5)
                let stream = await daemon.client.events(of: id)
                let workers = try daemon.workers()
                #expect(workers.count == 1)
                // Else a slow machine may take longer to stop the daemon than the job takes to its end.
                for worker in workers { try Signals.send(.stop, to: worker) }
                let heard = AsyncStream<Void>.makeStream()
                let end = Task {
                    defer { heard.continuation.finish() }
                    for try await _ in stream { heard.continuation.yield() }
                }
                // The stream stands only once its first event is there.
                for await _ in heard.stream { break }
                #expect(try await daemon.terminate() == .exited(0))
                try await end.value
                #expect(try daemon.workers() == workers)
                #expect(daemon.log.contains("stopping signal=terminate"))
                for worker in workers { try Signals.send(.resume, to: worker) }
                try await daemon.restart()
                let job = try await daemon.client.finished(id)
                #expect(job["status"] == "succeeded")
                #expect(job["attempt"] == 1, "had the daemon told it to stop, it would have on being resumed")
                let total = job["progress"]?["total_steps"]?.integer ?? 0
                #expect(try await daemon.client.curve(id).steps == Array(1...total))
            }
        }

        @Test func `starts no worker any more once it was told to stop, also while requests hold it up`() async throws {
            try await Daemon.run { daemon in
                let id = try await daemon.client.createJob(epochs: 100, checkpointEvery: 100)
                try await daemon.client.wait(id, step: 5)
                let workers = try daemon.workers()
                #expect(workers.count == 1)
                for worker in workers { try Signals.send(.stop, to: worker) }
                let port = await daemon.client.port
                let request = try Socket.connected(to: .loopback(port: UInt16(port)))
                let head = "POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 9\r\n\r\n"
                try request.descriptor.write(all: Array(head.utf8))
                let exit = try await daemon.terminate {
                    while !daemon.log.contains("stopping signal=terminate") {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    for worker in workers {
                        try Signals.send(.terminate, to: worker)
                        try Signals.send(.resume, to: worker)
                    }
                    while try !daemon.workers().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                    // Forty times as long as the scheduler took to notice.
                    try await Task.sleep(for: .seconds(1))
                    #expect(try daemon.workers() == [])
                    try request.shutdownWriting()
                }
                #expect(exit == .exited(0))
                try await daemon.restart()
                let job = try await daemon.client.finished(id)
                #expect(job["status"] == "succeeded")
                #expect(job["attempt"] == 2)
            }
        }

        @Test func `opens the standard descriptors it was started without, so that no file gets their numbers`()
            async throws
        {
            let folder = try TemporaryDirectory()
            let (data, ready) = ("\(folder.path)/data", "\(folder.path)/ready")
            let server = try ChildProcess(
                "/bin/sh",
                arguments: [
                    "-c", "exec \"$@\" <&- >&- 2>&-", "sh", Checkout.program("finetuned"), "serve", "--data", data,
                    "--listen", "127.0.0.1:0", "--ready-file", ready,
                ], environment: [:])
            while server.exit == nil, !FileManager.default.fileExists(atPath: ready) {
                try await Task.sleep(for: .milliseconds(5))
            }
            for number in 0...2 {
                let file = try FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(server.identifier)/fd/\(number)")
                #expect(file == "/dev/null")
            }
            try server.send(.terminate)
            #expect(await server.waitForExit() == .exited(0))
        }

        @Test func `obeys tokens that are made and revoked beside it, and never logs them`() async throws {
            try await Daemon.run { daemon in
                #expect(try await daemon.client.get("/v1/models").status == 200)
                var secrets: [String: String] = [:]
                for scope in ["read", "submit", "admin"] {
                    let made = try await Program.finetuned(
                        "token", "create", "for \(scope)", "--scope", scope, "--data", daemon.data)
                    #expect(made.exit == .exited(0))
                    secrets[scope] = made.output.trimmingCharacters(in: .newlines)
                }
                var client = await daemon.client
                #expect(try await client.get("/v1/models").status == 401)
                client.token = "ft-wrong"
                #expect(try await client.get("/v1/models").status == 401)
                client.token = secrets["read"]
                #expect(try await client.get("/v1/models").status == 200)
                let refused = try await client.upload(Messages.lines())
                #expect(refused.status == 403)
                #expect(refused.text.contains("submit"))
                client.token = secrets["submit"]
                let id = try await client.createJob(epochs: 1)
                #expect(try await client.finished(id)["status"] == "succeeded")

                let list = try await Program.finetuned("token", "list", "--data", daemon.data)
                #expect(list.output.split(separator: "\n").count == 3)
                for secret in secrets.values {
                    #expect(!list.output.contains(secret))
                    #expect(!daemon.log.contains(secret))
                }
                for scope in secrets.keys {
                    let revoked = try await Program.finetuned("token", "revoke", "for \(scope)", "--data", daemon.data)
                    #expect(revoked.exit == .exited(0))
                }
                client.token = nil
                #expect(try await client.get("/v1/models").status == 200)
                #expect(daemon.log.contains("job=\(id)"))
            }
        }

        @Test func `answers only to its own names and those it was given`() async throws {
            try await Daemon.run("--allow-host", "tuning.example.org") { daemon in
                let port = await daemon.client.port
                for (host, status) in [
                    ("127.0.0.1:\(port)", 200), ("tuning.example.org", 200), ("evil.example.org", 421),
                ] {
                    let answer = try await Program.run(
                        "/usr/bin/env",
                        [
                            "curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--header",
                            "Host: \(host)", "http://127.0.0.1:\(port)/v1/models",
                        ], environment: ["PATH": "/usr/bin:/bin"])
                    #expect(answer.output == "\(status)", "\(host)")
                }
            }
        }
    }
}
