import FineTuning
import Foundation
import JSON
import Storage
import Testing

@testable import API

struct CheckpointRoutesTests {
    private let files = ["config.json": "{\"a\": 1}", "model.safetensors": String(repeating: "weights ", count: 1000)]

    /// A running job with a checkpoint, and the checkpoint's path.
    private func prepare(_ server: TestServer) async throws -> (Job, String) {
        let job = try await server.runningJob()
        try await server.ingest([TestServer.point(10), TestServer.evaluation(10)], job)
        try await server.checkpoint(10, job, files)
        let list = try await server.client.get("/v1/fine_tuning/jobs/\(job.id)/checkpoints").json
        let id = try #require(list["first_id"]?.string)
        return (job, "/v1/fine_tuning/jobs/\(job.id)/checkpoints/\(id)")
    }

    @Test func `A checkpoint is told with its metrics and its files`() async throws {
        try await TestServer.run { server in
            let (job, path) = try await prepare(server)
            let checkpoint = try await server.client.get(path).json
            #expect(checkpoint["object"] == "fine_tuning.job.checkpoint")
            #expect(checkpoint["id"]?.string?.hasPrefix("ftckpt_") == true)
            #expect(checkpoint["fine_tuning_job_id"]?.string == job.id)
            #expect(checkpoint["step_number"] == 10)
            let name = "\(job.modelName(organization: "local")):ckpt-step-10"
            #expect(checkpoint["fine_tuned_model_checkpoint"]?.string == name)
            #expect(checkpoint["metrics"]?["full_valid_loss"]?.number == 0.7)
            #expect(checkpoint["metrics"]?["accuracy"]?.number == 0.5)
            #expect(checkpoint["metrics"]?["train_loss"]?.number == 1)
            #expect(checkpoint["verified"] == true && checkpoint["best"] == true)
            let listed = try #require(checkpoint["files"]?.array)
            #expect(listed.compactMap { $0["name"]?.string } == files.keys.sorted())
            #expect(listed[0]["sha256"]?.string == Hash.sha256(files["config.json"] ?? ""))
        }
    }

    @Test func `A merged archive of a model without adapters is the archive itself`() async throws {
        try await TestServer.run { server in
            let (_, path) = try await prepare(server)
            let whole = try await server.client.get("\(path)/content")
            let merged = try await server.client.get("\(path)/content?merged=true")
            #expect(merged.status == 200 && merged.body == whole.body)
            #expect(try await server.client.get("\(path)/content?merged=maybe").status == 400)
        }
    }

    @Test func `Adapters that cannot be merged are refused with what the worker says`() async throws {
        try await TestServer.run { server in
            _ = try await server.queuedJob(["layers": ["lora": [:]]])
            let job = try #require(try await server.database.jobs.claim())
            try await server.checkpoint(10, job, files)
            let list = try await server.client.get("/v1/fine_tuning/jobs/\(job.id)/checkpoints").json
            let id = try #require(list["first_id"]?.string)
            let path = "/v1/fine_tuning/jobs/\(job.id)/checkpoints/\(id)/content"
            #expect(try await server.client.get(path).status == 200)
            let merged = try await server.client.get("\(path)?merged=true")
            #expect(merged.status == 400, "\(merged.text)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(server.database.directory.path)/tmp") == [])
        }
    }

    @Test func `A file in a folder is found by its whole name, and none outside`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            let directory = "\(server.database.directory.checkpointsPath(job.id))/step-000010/1_Pooling"
            try DataDirectory.createDirectory(directory)
            try await server.checkpoint(10, job, ["1_Pooling/config.json": "{}", "config.json": "{}"])
            let list = try await server.client.get("/v1/fine_tuning/jobs/\(job.id)/checkpoints").json
            let path = "/v1/fine_tuning/jobs/\(job.id)/checkpoints/\(try #require(list["first_id"]?.string))/files"
            #expect(try await server.client.get("\(path)/1_Pooling/config.json").text == "{}")
            for name in ["1_Pooling", "1_Pooling/../config.json", "..%2Fconfig.json", "1_Pooling/", ""] {
                #expect(try await server.client.get("\(path)/\(name)").status == 404, "\(name)")
            }
        }
    }

    @Test func `Checkpoints are paged newest first`() async throws {
        try await TestServer.run { server in
            let (job, _) = try await prepare(server)
            try await server.checkpoint(20, job, files)
            let path = "/v1/fine_tuning/jobs/\(job.id)/checkpoints"
            let first = try await server.client.get("\(path)?limit=1").json
            #expect(first["data"]?.array?.first?["step_number"] == 20)
            #expect(first["has_more"] == true)
            let after = try #require(first["last_id"]?.string)
            let second = try await server.client.get("\(path)?limit=1&after=\(after)").json
            #expect(second["data"]?.array?.first?["step_number"] == 10)
            #expect(second["has_more"] == false)
        }
    }

    @Test func `The archive unpacks to the files, and any range of it is the same bytes`() async throws {
        try await TestServer.run { server in
            let (job, path) = try await prepare(server)
            let whole = try await server.client.get("\(path)/content")
            #expect(whole.status == 200)
            #expect(whole["content-type"] == "application/x-tar")
            #expect(whole["content-length"] == String(whole.body.count))
            let directory = try TemporaryDirectory.make()
            try Data(whole.body).write(to: directory.appending(path: "c.tar"))
            _ = try Shell.run("/bin/tar", ["-xf", "\(directory.path)/c.tar", "-C", directory.path])
            let name = "\(API.directoryName(job))-step-10"
            #expect(whole["content-disposition"] == "attachment; filename=\"\(name).tar\"")
            for (file, content) in files {
                let unpacked = directory.appending(path: "\(name)/\(file)")
                #expect(try String(contentsOf: unpacked, encoding: .utf8) == content)
            }
            for range in [0..<1, 500..<1600, 1024..<3000, whole.body.count - 700..<whole.body.count] {
                let header = ["Range": "bytes=\(range.lowerBound)-\(range.upperBound - 1)"]
                let part = try await server.client.get("\(path)/content", headers: header)
                #expect(part.status == 206)
                #expect(part.body == Array(whole.body[range]))
                #expect(part["etag"] == whole["etag"])
            }
            let tag = try #require(whole["etag"])
            #expect(try await server.client.get("\(path)/content", headers: ["If-None-Match": tag]).status == 304)
            try FileManager.default.removeItem(at: directory)
        }
    }

    @Test func `Single files come with their digest as entity tag, and no name leads elsewhere`() async throws {
        try await TestServer.run { server in
            let (_, path) = try await prepare(server)
            let file = try await server.client.get("\(path)/files/config.json")
            #expect(file.text == files["config.json"])
            #expect(file["etag"] == "\"\(Hash.sha256(file.text))\"")
            #expect(file["content-disposition"] == "attachment; filename=\"config.json\"")
            for name in ["..%2Fconfig.json", "%2e%2e", "%2Fetc%2Fpasswd", "resume.bin", "config.json%00"] {
                #expect([400, 404].contains(try await server.client.get("\(path)/files/\(name)").status))
            }
            let missing = try await server.client.get("\(path)/files/vocab.txt")
            #expect(try missing.error("message")?.string?.contains("model.safetensors") == true)
        }
    }

    @Test func `A checkpoint of another job, or one that is gone from the disk, is not found`() async throws {
        try await TestServer.run { server in
            let (job, path) = try await prepare(server)
            let id = try #require(path.split(separator: "/").last)
            let other = try await server.queuedJob()
            #expect(try await server.client.get("/v1/fine_tuning/jobs/\(other.id)/checkpoints/\(id)").status == 404)
            let directory = "\(server.database.directory.checkpointsPath(job.id))/step-000010"
            try FileManager.default.removeItem(atPath: "\(directory)/model.safetensors")
            #expect(try await server.client.get("\(path)/content").status == 404)
            #expect(try await server.client.get("\(path)/files/model.safetensors").status == 404)
        }
    }

    @Test(arguments: [
        ("org/Mini LM", "my.suffix", "Mini-LM-my.suffix-"), ("../..", nil, "model-"),
        ("ft:a:b:c:d", nil, "ft-a-b-c-d-"),
    ])
    func `An archive's directory has a name that any file system takes`(
        model: String, suffix: String?, prefix: String
    ) {
        var recipe = Recipe(model: model, seed: 1)
        recipe.resources.threads = 1
        let job = Job(
            id: "ftjob-aaaaaaaaaaaaaaaaaaaaaaaa", createdAt: 0, recipe: recipe, trainingFile: "f", suffix: suffix)
        let name = API.directoryName(job)
        #expect(name == prefix + "aaaaaaaa" || model == "../..")
        #expect(!name.hasPrefix(".") && !name.contains("/") && !name.contains(":") && !name.contains(" "))
    }
}
