import Foundation
import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("Beside a running server")
    struct OperationsTests {
        private static let running: JSONObject = [
            "strategy": [
                "learning_rate": 0.003, "checkpoint_every": ["steps": 10], "evaluate_every": ["steps": 10],
                "keep_checkpoints": 1,
            ]
        ]

        /// The files of a server by identifier, with what they hold.
        private static func files(_ client: Client) async throws -> [String: Data] {
            let ids =
                try await client.value("/v1/files?limit=1000")["data"]?.array?.compactMap { $0["id"]?.string } ?? []
            var files: [String: Data] = [:]
            for id in ids { files[id] = try await client.get("/v1/files/\(id)/content").body }
            return files
        }

        private static func predict(_ client: Client, _ model: String) async throws -> JSONValue {
            let answer = try await client.post(
                "/v1/predictions", ["model": .string(model), "input": ["the courier and the refund"]])
            guard answer.status == 200 else { throw Client.Unexpected(description: answer.text) }
            return try answer.json
        }

        @Test func `a backup can be served: nothing is missing, and the job that ran goes on`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let done = try await client.createJob(epochs: 2)
                let model = try #require(try await client.finished(done)["fine_tuned_model"]?.string)
                let answer = try await Self.predict(client, model)
                let ledger = try await client.get("\(Client.jobs)/\(done)/ledger").text
                let running = try await client.createJob(epochs: 60, more: Self.running)
                try await client.wait(running, step: 45)
                // Held still, as on a fast machine it replaces its only checkpoint sooner than a copy of it is made.
                let workers = try daemon.workers()
                #expect(workers.count == 1)
                for worker in workers { try Signals.send(.stop, to: worker) }
                let before = try await Self.files(client)

                let place = "\(daemon.directory.path)/backup"
                async let uploads: Void = {
                    for number in 0..<20 {
                        let answer = try await client.upload(Messages.lines(number + 1), name: "\(number).jsonl")
                        #expect(answer.status == 200)
                    }
                }()
                let backup = try await Program.finetuned("backup", place, "--data", daemon.data)
                try await uploads
                #expect(backup.exit == .exited(0), "\(backup.errors)")
                #expect(backup.errors.contains("nothing is damaged or missing"))
                let after = try await Self.files(client)
                #expect(after.count == before.count + 20)

                try await daemon.kill()
                for worker in workers { try Signals.send(.kill, to: worker) }
                try FileManager.default.removeItem(atPath: daemon.data)
                try FileManager.default.moveItem(atPath: place, toPath: daemon.data)
                try await daemon.restart()

                let restored = await daemon.client
                let files = try await Self.files(restored)
                #expect(Set(files.keys).isSuperset(of: before.keys) && Set(files.keys).isSubset(of: after.keys))
                for (id, content) in files { #expect(content == after[id]) }
                #expect(try await restored.job(done)["status"] == "succeeded")
                #expect(try await Self.predict(restored, model) == answer)
                #expect(try await restored.get("\(Client.jobs)/\(done)/ledger").text == ledger)

                let job = try await restored.finished(running)
                #expect(job["status"] == "succeeded", "\(job.text)")
                #expect(job["attempt"] == 2)
                #expect(try await restored.curve(running).steps == Array(1...300))
                var words: [String] = []
                for try await event in restored.events(of: running) { words.append(event.message) }
                #expect(
                    words.contains { $0.hasPrefix("Training goes on from the checkpoint of step") },
                    "\(words.suffix(9))")
                #expect(try await Program.finetuned("check", "--data", daemon.data).exit == .exited(0))
            }
        }

        @Test func `a check finds no fault while a job trains, and then the one that is made`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let id = try await client.createJob(epochs: 200, more: Self.running)
                try await client.wait(id, step: 15)
                for _ in 0..<10 {
                    let check = try await Program.finetuned("check", "--data", daemon.data)
                    #expect(check.exit == .exited(0), "\(check.output)")
                    #expect(check.output.hasSuffix("nothing is damaged or missing\n"), "\(check.output)")
                }
                _ = try await client.post("\(Client.jobs)/\(id)/cancel")
                _ = try await client.finished(id)

                let file = try #require(try await client.upload(Messages.lines()).json["id"]?.string)
                let content = URL(filePath: "\(daemon.data)/files/\(file)")
                try Data(Messages.lines().replacing("refund", with: "return").utf8).write(to: content)
                let check = try await Program.finetuned("check", "--data", daemon.data, "--json")
                #expect(check.exit == .exited(6))
                let report = try JSONValue(parsing: check.output)
                #expect(report["sound"] == false)
                let findings = report["findings"]?.array?.filter { $0["kind"] != "stray" } ?? []
                #expect(findings.map { $0["path"]?.string } == ["files/\(file)"])
                let backup = try await Program.finetuned(
                    "backup", "\(daemon.directory.path)/backup", "--data", daemon.data)
                #expect(backup.exit == .exited(6))
                #expect(backup.errors.contains("damaged files/\(file)"))
            }
        }

        @Test func `a backup that is killed leaves its place free and the original whole`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                for number in 0..<30 {
                    #expect(try await client.upload(Messages.lines(500), name: "\(number)").status == 200)
                }
                let place = "\(daemon.directory.path)/backup"
                let isBegun = {
                    try FileManager.default.contentsOfDirectory(atPath: daemon.directory.path).contains {
                        $0.hasPrefix("backup.partial-")
                    }
                }
                let backup = try ChildProcess(
                    Checkout.program("finetuned"), arguments: ["backup", place, "--data", daemon.data], environment: [:]
                )
                while try !isBegun() { await Task.yield() }
                try backup.send(.kill)
                _ = await backup.waitForExit()
                #expect(!FileManager.default.fileExists(atPath: place))
                #expect(try await Program.finetuned("check", "--data", daemon.data).exit == .exited(0))
                #expect(try await Program.finetuned("backup", place, "--data", daemon.data).exit == .exited(0))
                #expect(try await Program.finetuned("check", "--data", place).exit == .exited(0))
            }
        }

        @Test func `a program that is older than the database says so and changes nothing`() async throws {
            let folder = try TemporaryDirectory()
            let data = "\(folder.path)/data"
            #expect(try await Program.finetuned("token", "create", "ci", "--data", data).exit == .exited(0))
            let migrations = try FileManager.default.contentsOfDirectory(atPath: "\(Checkout.root)/migrations").sorted()
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/older/migrations", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder.path)/older/public", withDestinationPath: "\(Checkout.root)/public")
            for name in migrations.dropLast() {
                try FileManager.default.copyItem(
                    atPath: "\(Checkout.root)/migrations/\(name)", toPath: "\(folder.path)/older/migrations/\(name)")
            }
            let message =
                "the database was written by a newer version (it has \(migrations.last ?? "")); install that version"
            for command in [["serve", "--listen", "127.0.0.1:0"], ["check"], ["backup", "\(folder.path)/copy"]] {
                let program = try await Program.run(
                    Checkout.program("finetuned"), command + ["--data", data, "--assets", "\(folder.path)/older"])
                #expect(program.exit == .exited(1))
                #expect(program.errors.contains(message), "\(program.errors)")
            }
            #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/copy"))
            #expect(try await Program.finetuned("token", "list", "--data", data).output.contains("ci"))
        }

        @Test func `a backup is refused where its place is taken`() async throws {
            try await Daemon.run { daemon in
                let backup = try await Program.finetuned("backup", daemon.directory.path, "--data", daemon.data)
                #expect(backup.exit == .exited(1))
                #expect(backup.errors.contains("is there already"), "\(backup.errors)")
            }
        }

        @Test func `old runs keep their models alone where the server is told so`() async throws {
            try await Daemon.run("--keep-runs", "1") { daemon in
                var client = await daemon.client
                var jobs: [String] = []
                for _ in 0..<3 {
                    let id = try await client.createJob(epochs: 2)
                    #expect(try await client.finished(id)["status"] == "succeeded")
                    jobs.append(id)
                }
                let count = { (client: Client, job: String) in
                    try await client.value("\(Client.jobs)/\(job)/checkpoints")["data"]?.array?.count ?? 0
                }
                // It looks for old runs at its start, and then every minute.
                #expect(try await daemon.terminate() == .exited(0))
                try await daemon.restart()
                client = await daemon.client
                for job in jobs.dropLast() {
                    while try await count(client, job) > 1 { try await Task.sleep(for: .milliseconds(5)) }
                    let folder = "\(daemon.data)/runs/\(job)"
                    while FileManager.default.fileExists(atPath: "\(folder)/attempt-1/journal.jsonl") {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    #expect(try await client.get("\(Client.jobs)/\(job)/ledger").status == 200)
                }
                #expect(try await count(client, jobs[2]) > 1)
                for job in jobs {
                    let model = try #require(try await client.job(job)["fine_tuned_model"]?.string)
                    _ = try await Self.predict(client, model)
                }
                let check = try await Program.finetuned("check", "--data", daemon.data)
                #expect(check.exit == .exited(0) && check.output.hasPrefix("database, "), "\(check.output)")
            }
        }
    }
}
