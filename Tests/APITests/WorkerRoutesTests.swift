import FineTuning
import Foundation
import HTTP
import JSON
import Scheduling
import Storage
import Testing

@testable import API

/// What a worker process answers, through the API.
@Suite(.timeLimit(.minutes(2)))
struct WorkerRoutesTests {
    private static let rows = (0..<40).map { index in
        let (word, label) = index % 2 == 0 ? ("bill", "billing") : ("screen", "bug")
        return "{\"text\":\"the \(word) number \(index)\",\"label\":\"\(label)\"}\n"
    }

    private func upload(_ content: String, _ server: TestServer, name: String = "rows.jsonl") async throws -> String {
        try await server.client.upload(content, name: name).json["id"]?.string ?? ""
    }

    @Test func `A good file is found valid, with its labels and lengths`() async throws {
        try await TestServer.run { server in
            let file = try await upload(Self.rows.joined(), server)
            let answer = try await server.client.post("/v1/files/\(file)/validate?model=tiny-bert")
            let report = try answer.json
            #expect(report["object"] == "file.validation")
            #expect(report["file_id"]?.string == file)
            #expect(report["valid"] == true && report["rows"] == 40 && report["errors"] == 0)
            #expect(
                report["labels"] == [["label": "billing", "count": 20], ["label": "bug", "count": 20]],
                "\(answer.text)")
            #expect(report["length_histogram"]?.object != nil)
        }
    }

    @Test(arguments: [
        ("task=cooking", "task"), ("task=text-regression&label=x", "label"), ("multi_label=yes", "multi_label"),
        ("loss=triplet", "loss"), ("header=maybe", "header"), ("format=conll", "format"), ("text=", "text"),
        ("task=text-regression&ordinal=true", "ordinal"),
    ])
    func `A check that cannot be made names what is wrong with it`(query: String, param: String) async throws {
        try await TestServer.run { server in
            let file = try await server.upload()
            for path in ["validate", "preview"] {
                let answer =
                    path == "validate"
                    ? try await server.client.post("/v1/files/\(file)/validate?\(query)")
                    : try await server.client.get("/v1/files/\(file)/preview?\(query)")
                #expect(answer.status == 400)
                #expect(try answer.error("param")?.string == param, "\(answer.text)")
            }
        }
    }

    @Test(arguments: [
        ("{\"text\": oops}\n", 41, "JSON"), ("{\"text\":\"a\"}\n", 41, "label"), ("[1]\n", 41, "object"),
        ("\n\n{\"text\":7,\"label\":\"bug\"}\n", 43, "string"),
    ])
    func `A bad line is named by its number`(line: String, number: Int, word: String) async throws {
        try await TestServer.run { server in
            let file = try await upload(Self.rows.joined() + line, server)
            let report = try await server.client.post("/v1/files/\(file)/validate").json
            #expect(report["valid"] == false && report["errors"] == 1)
            let finding = report["findings"]?.array?.first
            #expect(finding?["line"]?.integer == number)
            let body: JSONValue = ["model": "tiny-bert", "training_file": .string(file)]
            let estimate = try await server.client.post("/v1/fine_tuning/jobs/estimate", body)
            #expect(estimate.status == 400)
            #expect(try estimate.error("message")?.string?.contains("line \(number)") == true, "\(estimate.text)")
            #expect(finding?["reason"]?.string?.contains(word) == true, "\(finding?.text ?? "")")
        }
    }

    @Test func `A file of one label is not valid, and says so`() async throws {
        try await TestServer.run { server in
            let file = try await upload(String(repeating: "{\"text\":\"a\",\"label\":\"bug\"}\n", count: 20), server)
            let report = try await server.client.post("/v1/files/\(file)/validate").json
            #expect(report["valid"] == false)
            let messages = report["findings"]?.array?.compactMap { $0["reason"]?.string } ?? []
            #expect(messages.contains { $0.contains("label") && $0.contains("bug") }, "\(messages)")
        }
    }

    @Test func `The first rows are shown as they were understood, also of a table`() async throws {
        try await TestServer.run { server in
            let file = try await upload("label,text\nbug,\"a, b\"\nbilling,c\n", server, name: "rows.csv")
            let preview = try await server.client.get("/v1/files/\(file)/preview").json
            #expect(preview["object"] == "file.preview")
            #expect(preview["rows"]?.array?.first?["text"] == "a, b")
            #expect(preview["rows"]?.array?.last?["label"] == "billing")
        }
    }

    @Test func `A job is estimated without being made`() async throws {
        try await TestServer.run { server in
            let file = try await upload(Self.rows.joined(), server)
            let body: JSONValue = ["model": "tiny-bert", "training_file": .string(file)]
            let answer = try await server.client.post("/v1/fine_tuning/jobs/estimate", body)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try answer.json["total_steps"]?.integer ?? 0 > 0, "\(answer.text)")
            #expect(try await server.client.get("/v1/fine_tuning/jobs").json["data"] == [])
        }
    }

    @Test func `A model's card tells its layers, and nothing of where it lies`() async throws {
        try await TestServer.run { server in
            let answer = try await server.client.get("/v1/models/tiny-bert/card")
            #expect(try answer.json["object"] == "model.card")
            #expect(try answer.json["parameters"]?.integer ?? 0 > 1000)
            #expect(!answer.text.contains(server.database.directory.path))
        }
    }

    @Test func `A broken model is refused with what is wrong, and nothing of where it lies`() async throws {
        try await TestServer.run { server in
            let path = "\(server.database.directory.path)/models/tiny-bert/model.safetensors"
            try Data("{{{{{{{{{{{{{{{{".utf8).write(to: URL(filePath: path))
            let file = try await upload(Self.rows.joined(), server)
            let body: JSONValue = ["model": "tiny-bert", "training_file": .string(file)]
            for answer in try await [
                server.client.get("/v1/models/tiny-bert/card"),
                server.client.post("/v1/fine_tuning/jobs/estimate", body),
                server.client.post("/v1/predictions", ["model": "tiny-bert", "input": "a"]),
            ] {
                #expect(answer.status == 400)
                #expect(try answer.error("code") == "invalid_model")
                #expect(!answer.text.contains(server.database.directory.path), "\(answer.text)")
            }
        }
    }

    @Test func `A base model cannot classify, and the error says what to do`() async throws {
        try await TestServer.run { server in
            let answer = try await server.client.post("/v1/predictions", ["model": "tiny-bert", "input": "a"])
            #expect(answer.status == 400)
            #expect(try answer.error("param") == "model")
            #expect(
                try answer.error("message")
                    == "the model in tiny-bert has no classification head, nor any other; fine-tune it first")
        }
    }

    @Test func `A job trains, and its model classifies until it is deleted`() async throws {
        try await TestServer.run { server in
            try await server.api.scheduler.start()
            let file = try await upload(Self.rows.joined(), server)
            let job =
                try await server.client.post(
                    "/v1/fine_tuning/jobs",
                    [
                        "model": "tiny-bert", "training_file": .string(file), "hyperparameters": ["n_epochs": 1],
                        "strategy": ["learning_rate": 0.001],
                    ]
                ).json["id"]?.string ?? ""
            let events = try await server.client.events("/v1/fine_tuning/jobs/\(job)/events")
            #expect(events.last?.kind == "status")
            let done = try await server.client.get("/v1/fine_tuning/jobs/\(job)").json
            #expect(done["status"] == "succeeded", "\(done.text)")
            let model = done["fine_tuned_model"] ?? .null
            let input: JSONValue = ["the bill number 3", ["text": "the screen", "text_pair": "is black"]]
            let answer = try await server.client.post("/v1/predictions", ["model": model, "input": input])
            #expect(answer.status == 200, "\(answer.text)")
            let data = try answer.json["data"]?.array ?? []
            #expect(data.map { $0["index"] } == [0, 1])
            for prediction in data {
                let scores = prediction["scores"]?.array?.compactMap { $0["score"]?.number } ?? []
                #expect(scores.count == 2 && abs(scores.reduce(0, +) - 1) < 1e-6)
            }
            #expect(try await server.client.delete("/v1/models/\(model.string ?? "")").status == 200)
            let gone = try await server.client.post("/v1/predictions", ["model": model, "input": input])
            #expect(gone.status == 404)
        }
    }
}
