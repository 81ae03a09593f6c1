import Foundation
import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("Bad input")
    struct BadInputTests {
        @Test func `in the job's fields is refused with the field's place, and a good job runs after all`() async throws
        {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let file = try await client.upload(Messages.lines()).json["id"] ?? .null
                let job: JSONObject = ["model": "tiny-bert", "training_file": file]
                for (member, param, hint) in [
                    (("strategy", ["learning_rat": 1]), "strategy.learning_rat", "learning_rate"),
                    (("strategy", ["learning_rate": "fast"]), "strategy.learning_rate", "number"),
                    (("data", ["max_length": -1]), "data.max_length", "range"),
                    (("modle", "x"), "modle", "model"),
                    (("model", "tiny-bart"), "model", "tiny-bert"),
                    (("model", "../../etc"), "model", "tiny-bert"),
                    (("training_file", "file-none"), "training_file", "file-none"),
                    (("layers", ["train": "everything"]), "layers.train", "all"),
                ] as [((String, JSONValue), String, String)] {
                    var body = job
                    body[member.0] = member.1
                    let answer = try await client.post(Client.jobs, .object(body))
                    #expect([400, 404].contains(answer.status))
                    let error = try answer.json["error"]
                    #expect(error?["param"]?.string == param, "\(answer.text)")
                    #expect(error?["message"]?.string?.contains(hint) == true, "\(answer.text)")
                }
                let broken = try await client.send(
                    "POST", Client.jobs, Data("{\"model\": ".utf8), type: "application/json")
                #expect(broken.status == 400)
                let id = try await client.createJob(epochs: 1)
                #expect(try await client.finished(id)["status"] == "succeeded")
            }
        }

        @Test func `in the data fails the job with the line's number, and a good job runs after all`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                var notJSON = Messages.lines(20).split(separator: "\n")
                notJSON[6] = "{\"text\": broken"
                let same = Messages.lines(20).replacing(/"label": "\w+"/, with: #""label": "bug""#)
                let noLabel = Messages.lines(20) + #"{"text": "and the label?"}"# + "\n"
                for (content, hints) in [
                    (notJSON.joined(separator: "\n") + "\n", ["line 7"]),
                    (noLabel, ["line 21", "label"]),
                    (same, ["label"]),
                    ("\n\n", ["no rows"]),
                ] {
                    let file = try await client.upload(content)
                    #expect(file.status == 200)
                    let created = try await client.post(
                        Client.jobs, ["model": "tiny-bert", "training_file": try file.json["id"] ?? .null])
                    let job = try await client.finished(created.json["id"]?.string ?? "")
                    #expect(job["status"] == "failed")
                    #expect(job["error"]?["code"] == "invalid_training_file", "\(job.text)")
                    let message = job["error"]?["message"]?.string ?? ""
                    for hint in hints { #expect(message.contains(hint), "\(message)") }
                }
                let empty = try await client.upload("")
                #expect(empty.status == 400)
                #expect(empty.text.contains("empty"))
                let id = try await client.createJob(epochs: 1)
                #expect(try await client.finished(id)["status"] == "succeeded")
            }
        }

        @Test func `of a single line of a quarter of a gigabyte is refused`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let path = "\(daemon.directory.path)/line.jsonl"
                // A hole of zeros: long, and nothing on the disk.
                try FileDescriptor.open(path, O_WRONLY | O_CREAT).truncate(to: 1 << 28)
                let upload = try await Program.run(
                    "/usr/bin/env",
                    [
                        "curl", "--silent", "-F", "purpose=fine-tune", "-F", "file=@\(path)",
                        "\(client.origin)/v1/files",
                    ],
                    environment: ["PATH": "/usr/bin:/bin"])
                let id = try JSONValue(parsing: upload.output)["id"] ?? .null
                let created = try await client.post(Client.jobs, ["model": "tiny-bert", "training_file": id])
                let job = try await client.finished(created.json["id"]?.string ?? "")
                #expect(job["status"] == "failed")
                #expect(job["error"]?["message"]?.string?.contains("line 1") == true, "\(job.text)")
                #expect(try await client.get("/readyz").status == 200)
            }
        }

        @Test func `of a model whose weights are damaged fails the job and names the file`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let broken = "\(daemon.models)/broken"
                try FileManager.default.copyItem(atPath: Checkout.tinyBert, toPath: broken)
                let weights = "\(broken)/model.safetensors"
                var bytes = try Data(contentsOf: URL(filePath: weights))
                bytes.replaceSubrange(0..<8, with: Data(repeating: 0xFF, count: 8))
                try bytes.write(to: URL(filePath: weights))
                let file = try await client.upload(Messages.lines()).json["id"] ?? .null
                let created = try await client.post(Client.jobs, ["model": "broken", "training_file": file])
                let job = try await client.finished(created.json["id"]?.string ?? "")
                #expect(job["status"] == "failed")
                #expect(job["error"]?["message"]?.string?.contains("model.safetensors") == true, "\(job.text)")
                let id = try await client.createJob(epochs: 1)
                #expect(try await client.finished(id)["status"] == "succeeded")
            }
        }
    }
}
