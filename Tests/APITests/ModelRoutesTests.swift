import FineTuning
import JSON
import Storage
import Testing

@testable import API

struct ModelRoutesTests {
    @Test func `Base and fine-tuned models are listed and told one by one`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.checkpoint(5, job, ["config.json": "{}"])
            let model = try await server.succeed(job, step: 5)
            let list = try await server.client.get("/v1/models").json
            #expect(
                list["data"]?.array?.compactMap { $0["id"]?.string } == [
                    "sentence/all-MiniLM-L6-v2", "tiny-bert", model.name,
                ])
            let tuned = try await server.client.get("/v1/models/\(model.name)").json
            #expect(tuned["object"] == "model")
            #expect(tuned["kind"] == "fine-tuned")
            #expect(tuned["parent"] == "tiny-bert")
            #expect(tuned["job_id"]?.string == job.id)
            #expect(tuned["labels"] == ["billing", "bug"])
            let base = try await server.client.get("/v1/models/sentence%2Fall-MiniLM-L6-v2").json
            #expect(base["kind"] == "base")
            #expect(base["parent"] == .null && base["labels"] == .null)
            #expect(base["created"]?.integer ?? 0 > 0)
        }
    }

    @Test func `A fine-tuned model that a waiting job goes on from is not deleted`() async throws {
        try await TestServer.run { server in
            let first = try await server.runningJob()
            try await server.checkpoint(5, first, ["config.json": "{}"])
            let model = try await server.succeed(first, step: 5)
            let second = try await server.queuedJob(["model": .string(model.name)])
            let refused = try await server.client.delete("/v1/models/\(model.name)")
            #expect(refused.status == 400)
            #expect(try refused.error("code") == "model_in_use")
            #expect(try refused.error("message")?.string?.contains(second.id) == true)
            _ = try await server.database.jobs.requestCancel(second.id)
            #expect(try await server.client.delete("/v1/models/\(model.name)").status == 200)
        }
    }

    @Test(arguments: [
        "ft:m:org:suf%2Fix:abc", "..", "%2e%2e", "..%2F..%2Fetc", "tiny-bart", "%2Fetc", ".hidden", "tiny-bert%2F..",
    ])
    func `An unknown or hostile model is not found, and the nearest is named`(name: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.get("/v1/models/\(name)")
            #expect(answer.status == 404)
            if name == "tiny-bart" {
                #expect(try answer.error("message")?.string?.contains("\"tiny-bert\"") == true)
                #expect(try answer.error("code") == "model_not_found")
            }
        }
    }

    @Test func `A fine-tuned model is deleted, a base model is not`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.checkpoint(5, job, ["config.json": "{}"])
            let model = try await server.succeed(job, step: 5)
            let gone = try await server.client.delete("/v1/models/\(model.name)")
            #expect(try gone.json == ["id": .string(model.name), "object": "model", "deleted": true])
            #expect(try await server.client.get("/v1/models/\(model.name)").status == 404)
            #expect(try await server.client.delete("/v1/models/\(model.name)").status == 404)
            let base = try await server.client.delete("/v1/models/tiny-bert")
            #expect(base.status == 400)
            #expect(try base.error("code") == "base_model")
        }
    }

    @Test(arguments: [
        ("{}", "model"), (#"{"model":"tiny-bert"}"#, "input"), (#"{"model":"tiny-bert","input":[]}"#, "input"),
        (#"{"model":"tiny-bert","input":[1]}"#, "input[0]"), (#"{"model":"tiny-bert","input":"a","n":1}"#, "n"),
        (#"{"model":"tiny-bert","input":[{"texts":"a"}]}"#, "input[0].text"),
    ])
    func `A wrong prediction request names the field`(body: String, param: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.post("/v1/predictions", try JSONValue(parsing: body))
            #expect(answer.status == 400)
            #expect(try answer.error("param")?.string == param)
        }
    }

    @Test func `Answers have the form of their task`() {
        let object = { (prediction: Prediction) in PredictionObject(index: 0, prediction: prediction).json }
        let several = object(.labels(LabelScores(labels: ["a", "b", "c"], logits: [2, -2, 0])))
        #expect(several["labels"] == ["a", "c"])
        #expect(several["scores"]?.array?.last?["label"] == "b")
        #expect(object(.score(2.5))["score"] == 2.5)
        let span = TaggedText.Span(type: "PER", start: 0, end: 3, text: "Ada", score: 0.5)
        let tagged = object(.tags(TaggedText(entities: [span], tags: ["B-PER"])))
        #expect(tagged["entities"]?.array?.first?["type"] == "PER" && tagged["tags"] == ["B-PER"])
        #expect(object(.tags(TaggedText(entities: [])))["tags"] == nil)
        #expect(
            object(.fills([MaskFill(candidates: [.init(token: "cat", score: 0.5)])]))["fills"] == [
                [["token": "cat", "score": 0.5]]
            ])
        #expect(object(.embedding(EmbeddingVector(components: [0.5, -1], tokens: 3)))["embedding"] == [0.5, -1.0])
    }

    @Test(arguments: [
        ("{}", "model"), (#"{"model":"tiny-bert","input":[]}"#, "input"),
        (#"{"model":"tiny-bert","input":[[1,2]]}"#, "input"), (#"{"model":"tiny-bert","input":["a",""]}"#, "input[1]"),
        (#"{"model":"tiny-bert","input":"a","dimensions":2}"#, "dimensions"),
        (#"{"model":"tiny-bert","input":"a","encoding_format":"hex"}"#, "encoding_format"),
    ])
    func `A wrong embeddings request names the field`(body: String, param: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.post("/v1/embeddings", try JSONValue(parsing: body))
            #expect(answer.status == 400)
            #expect(try answer.error("param")?.string == param)
        }
    }

    @Test func `A classifier makes no vectors, and says what it answers`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.checkpoint(5, job, ["config.json": "{}"])
            let model = try await server.succeed(job, step: 5)
            let answer = try await server.client.post("/v1/embeddings", ["model": .string(model.name), "input": "a"])
            #expect(answer.status == 400)
            #expect(try answer.error("code") == "wrong_task")
        }
    }

    @Test func `Vectors are numbers, or little-endian floats in Base64`() {
        let vectors = [
            EmbeddingVector(components: [1, -2.5], tokens: 3), EmbeddingVector(components: [0, 0.5], tokens: 4),
        ]
        let plain = EmbeddingsObject(model: "m", vectors: vectors, format: .float).json
        #expect(plain["data"]?.array?[1] == ["object": "embedding", "index": 1, "embedding": [0.0, 0.5]])
        #expect(plain["usage"] == ["prompt_tokens": 7, "total_tokens": 7])
        // numpy: base64.b64encode(np.array([1, -2.5], dtype="<f4").tobytes())
        let packed = EmbeddingsObject(model: "m", vectors: vectors, format: .base64).json
        #expect(packed["data"]?.array?[0]["embedding"] == "AACAPwAAIMA=")
    }

    @Test func `Probabilities are the softmax of the logits, best first, and survive huge logits`() {
        let object = PredictionObject(
            index: 3, prediction: .label(LabelScores(labels: ["a", "b", "c"], logits: [0, 1000, -1000]))
        ).json
        #expect(object["label"] == "b")
        #expect(object["index"] == 3)
        #expect(object["scores"]?.array?.compactMap { $0["label"]?.string } == ["b", "a", "c"])
        #expect(object["scores"]?.array?.first?["score"]?.number == 1)
        #expect(object["logits"]?.array?.compactMap(\.number) == [0, 1000, -1000])
    }
}
