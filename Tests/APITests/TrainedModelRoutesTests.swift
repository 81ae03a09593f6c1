import FineTuning
import Foundation
import JSON
import Scheduling
import Storage
import Testing

@testable import API

/// What comes of models that a real worker trained: merged downloads and vectors.
@Suite(.timeLimit(.minutes(2)))
struct TrainedModelRoutesTests {
    private static let rows = (0..<24).map { index in
        let (word, label) = index % 2 == 0 ? ("bill", "billing") : ("screen", "bug")
        return "{\"text\":\"the \(word) number \(index)\",\"label\":\"\(label)\"}\n"
    }

    private static let pairs = (0..<24).map { index in
        let (first, second) = index % 2 == 0 ? ("bill", "invoice") : ("screen", "display")
        return "{\"anchor\":\"the \(first) number \(index)\",\"positive\":\"\(second) \(index)\"}\n"
    }

    /// Trains a job of three steps to its end.
    private func train(_ rows: [String], _ more: JSONObject, _ server: TestServer) async throws -> JSONValue {
        try await server.api.scheduler.start()
        var body: JSONObject = [
            "model": "tiny-bert", "training_file": .string(try await server.upload(rows.joined())), "seed": 3,
            "hyperparameters": ["n_epochs": 1, "batch_size": 8],
        ]
        for member in more.members { body[member.name] = member.value }
        let made = try await server.client.post("/v1/fine_tuning/jobs", .object(body))
        let id = try #require(try made.json["id"]?.string, "\(made.text)")
        _ = try await server.client.events("/v1/fine_tuning/jobs/\(id)/events")
        let done = try await server.client.get("/v1/fine_tuning/jobs/\(id)").json
        #expect(done["status"] == "succeeded", "\(done.text)")
        return done
    }

    /// A job with adapters that are not merged.
    ///
    /// - Returns: its id and its model's.
    private func trainAdapters(_ server: TestServer) async throws -> (job: String, model: String) {
        let done = try await train(
            Self.rows,
            [
                "layers": ["lora": ["rank": 2, "alpha": 16]],
                "strategy": ["learning_rate": 0.01, "checkpoint_every": ["steps": 1], "keep_checkpoints": 3],
            ], server)
        return (try #require(done["id"]?.string), try #require(done["fine_tuned_model"]?.string))
    }

    @Test func `A merged archive is a model that needs no adapters and answers as the fine-tuned one does`()
        async throws
    {
        try await TestServer.run { server in
            let (job, model) = try await trainAdapters(server)
            let path = "/v1/fine_tuning/jobs/\(job)/checkpoints"
            let checkpoints = try await server.client.get(path).json["data"]?.array ?? []
            let best = try #require(checkpoints.first { $0["best"] == true }?["id"]?.string)
            let archive = try await server.client.get("\(path)/\(best)/content?merged=true")
            #expect(archive.status == 200, "\(archive.text)")
            let folder = "\(server.database.directory.path)/models/merged"
            try DataDirectory.createDirectory(folder)
            try Data(archive.body).write(to: URL(filePath: "\(folder).tar"))
            let tar = ["tar", "--extract", "--file", "\(folder).tar", "--directory", folder, "--strip-components=1"]
            _ = try await TestClient.onThread { try Shell.run("/usr/bin/env", tar) }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.contains("model.safetensors") && names.contains("config.json"))
            #expect(!names.contains { $0.hasPrefix("adapter") }, "\(names)")

            let inputs: JSONValue = ["the bill number 3", "a screen"]
            var scores: [[Double]] = []
            for name in [model, "merged"] {
                let answer = try await server.client.post("/v1/predictions", ["model": .string(name), "input": inputs])
                #expect(answer.status == 200, "\(answer.text)")
                let logits = try answer.json["data"]?.array?.flatMap { $0["logits"]?.array ?? [] } ?? []
                scores.append(logits.compactMap(\.number))
            }
            #expect(scores[0].count == 4 && scores[1].count == 4)
            for (one, other) in zip(scores[0], scores[1]) { #expect(abs(one - other) < 1e-4) }

            // Who comes back for the rest of a download finds the same bytes.
            let tag = try #require(archive["etag"])
            let rest = try await server.client.get(
                "\(path)/\(best)/content?merged=true", headers: ["Range": "bytes=1000-", "If-Range": tag])
            #expect(rest.status == 206 && rest.body == Array(archive.body[1000...]))
        }
    }

    @Test func `A merged checkpoint that others push out lies there until who waits for it has it open`() async throws {
        try await TestServer.run { server in
            let (job, _) = try await trainAdapters(server)
            let checkpoints = try await server.database.checkpoints.page(jobID: job, limit: 3).elements
            #expect(checkpoints.count == 3)
            let cache = MergedCheckpoints(database: server.database, answerer: server.api.answerer, kept: 1) {
                Issue.record("\($0)")
            }
            let temporary = "\(server.database.directory.path)/tmp"
            var pushedOut: MergedCheckpoints.Model? = try await cache.model(of: checkpoints[0])
            for checkpoint in checkpoints.dropFirst() { _ = try await cache.model(of: checkpoint) }
            for file in try #require(pushedOut).files {
                let path = try #require(pushedOut?.path(of: file))
                #expect(try Data(contentsOf: URL(filePath: path)).count == file.bytes)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).count == 2)
            pushedOut = nil
            #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).count == 1)
            // It is made anew for the next.
            #expect(try await cache.model(of: checkpoints[0]).files.contains { $0.name == "model.safetensors" })
        }
    }

    @Test func `Vectors have length one, and are the same as numbers and in Base64`() async throws {
        try await TestServer.run { server in
            let done = try await train(
                Self.pairs, ["task": ["type": "text-embedding"], "strategy": ["learning_rate": 0.001]], server)
            let model = done["fine_tuned_model"] ?? .null
            let inputs: JSONValue = ["the bill number 3", "a screen", "the bill number 3"]
            let answer = try await server.client.post("/v1/embeddings", ["model": model, "input": inputs])
            #expect(answer.status == 200, "\(answer.text)")
            let vectors =
                try answer.json["data"]?.array?.map { $0["embedding"]?.array?.compactMap(\.number) ?? [] } ?? []
            try #require(vectors.count == 3)
            // A row of a product may differ in its last bits where it lies elsewhere.
            let distance = { (left: Int, right: Int) in
                zip(vectors[left], vectors[right]).reduce(0) { max($0, abs($1.0 - $1.1)) }
            }
            #expect(distance(0, 2) < 1e-5 && distance(0, 1) > 1e-3)
            for vector in vectors { #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5) }
            #expect(try answer.json["usage"]?["prompt_tokens"]?.integer ?? 0 >= 9)

            let packed = try await server.client.post(
                "/v1/embeddings", ["model": model, "input": "a screen", "encoding_format": "base64"])
            let text = try #require(try packed.json["data"]?.array?.first?["embedding"]?.string)
            let bytes = try #require(Data(base64Encoded: text))
            #expect(bytes.count == 4 * vectors[1].count)
            for (index, number) in vectors[1].enumerated() {
                let pattern = bytes[4 * index..<4 * index + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                // Another batch may add its numbers in another order.
                #expect(abs(Double(Float(bitPattern: pattern)) - number) < 1e-5)
            }
        }
    }
}
