import Foundation
import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("A job")
    struct JobTests {
        @Test func `runs from the upload to a model that classifies and a checkpoint that downloads`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let id = try await client.createJob()
                var (statuses, steps, kinds) = ([String](), [Int](), Set<String>())
                var last = 0
                for try await event in client.events(of: id) {
                    #expect(event.id > last)
                    last = event.id
                    kinds.insert(event.kind)
                    if let status = event.status { statuses.append(status) }
                    if event.kind == "metrics" { steps.append(event.data["step"]?.integer ?? 0) }
                }
                #expect(statuses.suffix(3) == ["queued", "running", "succeeded"])
                #expect(kinds.isSuperset(of: ["status", "metrics", "evaluation", "checkpoint"]))

                let job = try await client.job(id)
                let total = job["progress"]?["total_steps"]?.integer ?? 0
                #expect(total == 20)
                #expect(steps == Array(1...total))
                let curve = try await client.curve(id)
                #expect(curve.steps == Array(1...total))
                #expect(try #require(curve.losses.last) < #require(curve.losses.first))
                #expect(job["status"] == "succeeded")
                #expect(job["error"]?.isNull != false)

                let model = try #require(job["fine_tuned_model"]?.string)
                let answer = try await client.post(
                    "/v1/predictions", ["model": .string(model), "input": ["the invoice and the refund"]])
                #expect(answer.status == 200, "\(answer.text)")
                let scores = try answer.json["data"]?.array?.first?["scores"]?.array ?? []
                #expect(scores.count == 3)
                #expect(abs(scores.compactMap { $0["score"]?.number }.reduce(0, +) - 1) < 1e-4)

                for file in job["result_files"]?.array?.compactMap(\.string) ?? [] {
                    #expect(try await client.get("/v1/files/\(file)/content").status == 200)
                }
                try await Self.checkCheckpoints(client, id)
            }
        }

        /// The newest checkpoint comes as a tar archive of a Hugging Face directory, and file by file.
        private static func checkCheckpoints(_ client: Client, _ id: String) async throws {
            let path = "\(Client.jobs)/\(id)/checkpoints"
            let checkpoint = try #require(try await client.value(path)["data"]?.array?.first)
            let one = "\(path)/\(checkpoint["id"]?.string ?? "")"
            let folder = try TemporaryDirectory()
            let archive = try await client.get("\(one)/content")
            try archive.body.write(to: URL(filePath: "\(folder.path)/checkpoint.tar"))
            let listing = try await Program.run(
                "/usr/bin/env", ["tar", "--extract", "--verbose", "--file", "checkpoint.tar", "--strip-components=1"],
                environment: ["PATH": "/usr/bin:/bin"], directory: folder.path)
            #expect(listing.exit.isSuccess, "\(listing.errors)")
            let files = checkpoint["files"]?.array ?? []
            let names = Set(files.compactMap { $0["name"]?.string })
            #expect(names.isSuperset(of: ["config.json", "model.safetensors"]))
            for file in files {
                let name = file["name"]?.string ?? ""
                let single = try await client.get("\(one)/files/\(name)")
                let extracted = try Data(contentsOf: URL(filePath: "\(folder.path)/\(name)"))
                #expect(single.body == extracted)
                #expect(single.body.count == file["bytes"]?.integer)
                #expect(single["ETag"]?.contains(file["sha256"]?.string ?? "?") == true)
            }
        }

        @Test func `tells the rest of its events to who comes back with Last-Event-ID`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let id = try await client.createJob(epochs: 2)
                var all: [Int] = []
                for try await event in client.events(of: id) { all.append(event.id) }
                try #require(all.count > 10)
                let middle = all[all.count / 2]
                var rest: [Int] = []
                for try await event in client.events(of: id, after: middle) { rest.append(event.id) }
                #expect(rest == all.filter { $0 > middle })
            }
        }

        @Test func `is cancelled, and its worker ends`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let id = try await client.createJob(epochs: 1000)
                try await client.wait(id, step: 3)
                let workers = try daemon.workers()
                #expect(workers.count == 1)
                #expect(try await client.post("\(Client.jobs)/\(id)/cancel").status == 200)
                #expect(try await client.finished(id)["status"] == "cancelled")
                let again = try await client.post("\(Client.jobs)/\(id)/cancel")
                #expect(again.status == 400)
                #expect(try again.json["error"]?["message"]?.string?.contains("cancelled") == true)
                // The next job gets the slot.
                let next = try await client.createJob(epochs: 1)
                #expect(try await client.finished(next)["status"] == "succeeded")
                #expect(try Set(daemon.workers()).isDisjoint(with: workers))
            }
        }

        @Test func `pauses with a checkpoint and goes on from there`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let id = try await client.createJob(epochs: 40, checkpointEvery: 50)
                try await client.wait(id, step: 5)
                #expect(try await client.post("\(Client.jobs)/\(id)/pause").status == 200)
                try await client.wait(id, for: "paused")
                let paused = try await client.job(id)
                #expect(paused["status"] == "paused")
                let step = paused["progress"]?["step"]?.integer ?? 0
                #expect(step >= 5)
                #expect(try await client.post("\(Client.jobs)/\(id)/resume").status == 200)
                let job = try await client.finished(id)
                #expect(job["status"] == "succeeded")
                let total = job["progress"]?["total_steps"]?.integer ?? 0
                #expect(total > step)
                #expect(try await client.curve(id).steps == Array(1...total))
            }
        }
    }
}
