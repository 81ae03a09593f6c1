import Foundation
import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("Webhooks", .enabled(if: WebhookReceiver.python != nil, "there is no Python"))
    struct WebhookTests {
        private let folder: TemporaryDirectory
        private var secret: String { "\(folder.path)/secret" }

        init() throws {
            folder = try TemporaryDirectory()
            try Data("\(WebhookReceiver.secret)\n".utf8).write(to: URL(filePath: secret))
        }

        /// Ends a job in no time: its file has no good line.
        private func fail(_ client: Client) async throws -> String {
            try await client.createJob(data: "{\"text\": 1}\n")
        }

        @Test func `tell how jobs end, signed as the client of OpenAI expects it, and again until they are taken`()
            async throws
        {
            let receiver = try await WebhookReceiver("500", "302", "204", secretFile: secret)
            try await Daemon.run(
                "--webhook-url", "http://127.0.0.1:\(receiver.port)/hooks?from=test", "--webhook-secret-file", secret,
                "--webhook-allow-private"
            ) { daemon in
                let client = await daemon.client
                let failed = try await fail(client)
                let first = try await receiver.next()
                #expect(first["type"] == "fine_tuning.job.failed")
                #expect(first["job"]?.string == failed)
                #expect(first["path"] == "/hooks?from=test")
                #expect(first["signed"] == true)
                #expect(first["id"]?.string?.hasPrefix("evt_") == true && first["id"] == first["header"])
                if let openai = first["openai"]?.string { #expect(openai == "fine_tuning.job.failed \(failed)") }
                // The second answer sends it elsewhere, where it does not go: it comes here again.
                let (second, third) = (try await receiver.next(), try await receiver.next())
                #expect(second["id"] == first["id"] && third["id"] == first["id"])
                #expect(second["answer"] == "302" && third["answer"] == "204" && third["signed"] == true)
                #expect(third["method"] == "POST" && third["path"] == first["path"])

                let done = try await client.createJob(epochs: 1)
                #expect(try await client.finished(done)["status"] == "succeeded")
                let fourth = try await receiver.next()
                #expect(fourth["type"] == "fine_tuning.job.succeeded" && fourth["job"]?.string == done)
                #expect(fourth["id"] != first["id"])
            }
        }

        @Test func `are not lost by the end of the daemon, nor by that of their receiver`() async throws {
            let receiver = try await WebhookReceiver("200", secretFile: secret)
            let port = receiver.port
            try await receiver.stop()
            try await Daemon.run(
                "--webhook-url", "http://127.0.0.1:\(port)/", "--webhook-secret-file", secret,
                "--webhook-allow-private"
            ) { daemon in
                let job = try await fail(daemon.client)
                _ = try await daemon.client.finished(job)
                try await daemon.kill()
                let again = try await WebhookReceiver("200", secretFile: secret, options: ["--port", String(port)])
                try await daemon.restart()
                let event = try await again.next()
                #expect(event["job"]?.string == job && event["signed"] == true)
            }
        }

        @Test func `do not go to a machine of one's own network unless that is said`() async throws {
            let receiver = try await WebhookReceiver("200", secretFile: secret)
            try await Daemon.run(
                "--webhook-url", "https://localhost:\(receiver.port)/", "--webhook-secret-file", secret
            ) { daemon in
                let job = try await fail(daemon.client)
                _ = try await daemon.client.finished(job)
                while !daemon.log.contains("localhost is ") { await Task.yield() }
                #expect(daemon.log.contains("is no address of the public internet"))
                #expect(!daemon.log.contains(WebhookReceiver.secret))
            }
        }

        @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "there is no openssl"))
        func `go by TLS to who can prove its name, and to nobody else`() async throws {
            let (certificate, key) = ("\(folder.path)/certificate", "\(folder.path)/key")
            let made = try await Program.run(
                "/usr/bin/openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
                ])
            try #require(made.exit.isSuccess, "\(made.errors)")
            let receiver = try await WebhookReceiver(
                "200", secretFile: secret, options: ["--tls", certificate, key])
            func run(host: String, _ body: (Daemon) async throws -> Void) async throws {
                try await Daemon.run(
                    "--webhook-url", "https://\(host):\(receiver.port)/", "--webhook-secret-file", secret,
                    "--webhook-allow-private", environment: ["SSL_CERT_FILE": certificate], test: body)
            }
            try await run(host: "127.0.0.1") { daemon in
                _ = try await fail(daemon.client)
                while !daemon.log.contains("TLS failed") { await Task.yield() }
            }
            try await run(host: "localhost") { daemon in
                let job = try await fail(daemon.client)
                #expect(try await receiver.next()["job"]?.string == job)
            }
        }

        @Test(arguments: [
            (["--webhook-url", "https://hooks.example.org/"], "--webhook-secret-file"),
            (
                ["--webhook-url", "http://hooks.example.org/", "--webhook-secret-file", "SECRET"],
                "--webhook-allow-private"
            ),
            (["--webhook-url", "nonsense", "--webhook-secret-file", "SECRET"], "https://hooks.example.org/path"),
            (["--webhook-secret-file", "SECRET"], "--webhook-url"),
            (["--webhook-url", "https://hooks.example.org/", "--webhook-secret-file", "/nonexistent"], "/nonexistent"),
            (["--webhook-url", "https://hooks.example.org/", "--webhook-secret-file", "/dev/null"], "openssl rand"),
        ])
        func `that make no sense are refused at the start`(options: [String], message: String) async throws {
            let options = options.map { $0 == "SECRET" ? secret : $0 }
            let start = try await Program.run(
                Checkout.program("finetuned"),
                ["serve", "--data", "\(folder.path)/data", "--listen", "127.0.0.1:0"] + options)
            #expect(!start.exit.isSuccess)
            #expect(start.errors.contains(message), "\(start.errors)")
        }
    }
}
