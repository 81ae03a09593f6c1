import Storage
import RunDirectory
import POSIX
import FineTuning
import JSON
import Testing

@testable import API

struct JobRoutesTests {
    private let path = "/v1/fine_tuning/jobs"

    @Test func `The smallest job is answered with every field, resolved`() async throws {
        try await TestServer.run { server in
            let file = try await server.upload()
            let made = try await server.client.post(path, ["model": "tiny-bert", "training_file": .string(file)])
            #expect(made.status == 200)
            let job = try made.json
            #expect(job["id"]?.string?.hasPrefix("ftjob-") == true)
            #expect(job["object"] == "fine_tuning.job")
            #expect(job["status"] == "validating_files")
            #expect(job["organization_id"] == "local")
            #expect(job["result_files"] == [])
            #expect(job["integrations"] == [])
            #expect(job["metadata"] == [:])
            #expect(job["hyperparameters"] == ["n_epochs": 3, "batch_size": 16, "learning_rate_multiplier": 1.0])
            #expect(job["method"]?["type"] == "supervised")
            #expect(job["method"]?["supervised"]?["hyperparameters"] == job["hyperparameters"])
            #expect(job["strategy"]?["learning_rate"]?.number == 5e-5)
            #expect(job["layers"] == ["train": "all", "gradual_unfreezing": nil, "lora": nil])
            #expect(job["resources"]?["threads"]?.integer == 1)
            #expect(job["data"]?["max_length"] == 128)
            #expect(job["attempt"] == 0)
            for name in [
                "error", "fine_tuned_model", "finished_at", "started_at", "estimated_finish", "trained_tokens",
                "validation_file", "progress", "queue_position", "best",
            ] {
                #expect(job[name] == .null, "\(name) must be there and null")
            }
            let id = try #require(job["id"]?.string)
            #expect(try await server.client.get("\(path)/\(id)").json["seed"] == job["seed"])
        }
    }

    @Test func `The ledger is paged by rank, and missed with the reason`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            let path = "/v1/fine_tuning/jobs/\(job.id)/ledger"
            let early = try await server.client.get(path)
            #expect(early.status == 404)
            #expect(try early.error("message")?.string?.contains("when the job has succeeded") == true)
            let entries = (1...5).map { rank in
                LedgerEntry(
                    rank: rank, line: 10 * rank, label: "bug", answer: "billing", score: 1 / Double(rank), meanLoss: 2,
                    losses: [2, nil], probabilities: [0.1, nil], text: "é")
            }
            let directory = RunDirectory(path: server.database.directory.attemptPath(job.id, attempt: 1))
            try DataDirectory.createDirectory(directory.path)
            try DurableFile.write(entries.flatMap { Array("\($0.json.text)\n".utf8) }, to: directory.ledgerPath)
            try await server.checkpoint(5, job, ["config.json": "{}"])
            _ = try await server.succeed(job, step: 5, hasLedger: true)
            let first = try await server.client.get("\(path)?limit=2").json
            #expect(first["data"]?.array == entries.prefix(2).map(\.json))
            #expect(first["has_more"] == true && first["total"] == 5)
            #expect(first["training_file"]?.string == job.trainingFile)
            let last = try await server.client.get("\(path)?limit=3&after=2").json
            #expect(last["data"]?.array == entries.suffix(3).map(\.json) && last["has_more"] == false)
            #expect(try await server.client.get("\(path)?after=9").json["data"] == [])
            #expect(try await server.client.get("\(path)?after=-1").status == 400)
            #expect(try await server.client.get("/v1/fine_tuning/jobs/\(job.id)").json["ledger"] == true)
        }
    }

    @Test func `A sweep tells its trials, and each of them its parent`() async throws {
        try await TestServer.run { server in
            let job = try await server.queuedJob(["sweep": ["parameters": ["strategy.dropout": [0, 0.1]]]])
            let parent = try await server.client.get("/v1/fine_tuning/jobs/\(job.id)").json
            #expect(parent["status"] == "running")
            #expect(parent["sweep"]?["metric"] == "valid_loss" && parent["sweep"]?["method"] == "grid")
            let trials = try #require(parent["trials"]?.array)
            #expect(trials.compactMap { $0["parameters"]?["strategy.dropout"]?.number } == [0, 0.1])
            #expect(parent["best_trial"] == .null && parent["parent_job_id"] == .null)
            let id = try #require(trials[1]["job_id"]?.string)
            let child = try await server.client.get("/v1/fine_tuning/jobs/\(id)").json
            #expect(child["parent_job_id"]?.string == job.id && child["trials"] == .null)
            #expect(child["strategy"]?["dropout"]?.number == 0.1)
            let list = try await server.client.get("/v1/fine_tuning/jobs").json
            #expect(list["data"]?.array?.count == 3)
            let cancelled = try await server.client.post("/v1/fine_tuning/jobs/\(job.id)/cancel").json
            #expect(cancelled["status"] == "cancelled")
            #expect(cancelled["trials"]?.array?.allSatisfy { $0["status"] == "cancelled" } == true)
        }
    }

    @Test func `A sweep over models names the one that is not there`() async throws {
        try await TestServer.run { server in
            let body: JSONValue = [
                "model": "tiny-bert", "training_file": .string(try await server.upload()),
                "sweep": ["parameters": ["model": ["tiny-bert", "tiny-bart"]]],
            ]
            let answer = try await server.client.post("/v1/fine_tuning/jobs", body)
            #expect(answer.status == 400)
            #expect(try answer.error("param") == "sweep.parameters.model")
        }
    }

    @Test(arguments: [
        (#"{"training_file":"F"}"#, "model", "required"),
        (#"{"model":"tiny-bert"}"#, "training_file", "required"),
        (#"{"model":7,"training_file":"F"}"#, "model", "string"),
        (#"{"model":"tiny-bart","training_file":"F"}"#, "model", "tiny-bert"),
        (#"{"model":"../../etc","training_file":"F"}"#, "model", "no model"),
        (#"{"model":"MiniLM-L6-v2","training_file":"F"}"#, "model", "sentence/all-MiniLM-L6-v2"),
        (#"{"model":"tiny-bert","training_file":"file-none"}"#, "training_file", "upload"),
        (#"{"model":"tiny-bert","training_file":"F","validation_file":"file-x"}"#, "validation_file", "upload"),
        (
            #"{"model":"tiny-bert","training_file":"F","strategy":{"learning_rat":1}}"#, "strategy.learning_rat",
            "learning_rate"
        ),
        (
            #"{"model":"tiny-bert","training_file":"F","strategy":{"learning_rate":-1}}"#, "strategy.learning_rate",
            "range"
        ),
        (#"{"model":"tiny-bert","training_file":"F","layers":{"train":"some"}}"#, "layers.train", "head"),
        (#"{"model":"tiny-bert","training_file":"F","metadata":{"a":1}}"#, "metadata.a", "string"),
        (#"{"model":"tiny-bert","training_file":"F","method":{"type":"dpo"}}"#, "method.type", "supervised"),
        (#"[]"#, "", "object"),
    ])
    func `A wrong job is refused with the field and what would be right`(
        body: String, param: String, word: String
    ) async throws {
        try await TestServer.run { server in
            let file = try await server.upload()
            let value = try JSONValue(parsing: body.replacing("\"F\"", with: "\"\(file)\""))
            let answer = try await server.client.post(path, value)
            #expect(answer.status == 400)
            #expect(try answer.error("param")?.string ?? "" == param)
            #expect(try answer.error("message")?.string?.contains(word) == true)
            #expect(try answer.error("type") == "invalid_request_error")
            #expect(try answer.error("code")?.string != nil)
            #expect(try await server.client.get(path).json["data"] == [])
        }
    }

    @Test func `A body that is not JSON is refused with the position, another type with 415, too much with 413`()
        async throws
    {
        try await TestServer.run { server in
            let json = ["Content-Type": "application/json"]
            let send = { (body: String, headers: [String: String]) in
                try await server.client.send("POST", path, headers: headers, body: Array(body.utf8))
            }
            let broken = try await send(#"{"model": tiny}"#, json)
            #expect(broken.status == 400)
            #expect(try broken.error("message")?.string?.contains("expected a value at byte 10") == true)
            let twice = try await send(#"{"model":"a","model":"b"}"#, json)
            #expect(try twice.error("message")?.string?.contains("twice") == true)
            let deep = try await send(String(repeating: "[", count: 100_000), json)
            #expect(deep.status == 400)
            #expect(try deep.error("message")?.string?.contains("64 levels") == true)
            #expect(try await send("{}", ["Content-Type": "text/plain"]).status == 415)
            #expect(try await send("{}", [:]).status == 415)
            #expect(try await send("{}", ["Content-Type": "application/json; charset=latin-1"]).status == 415)
            #expect(try await send("\"\(String(repeating: "x", count: 1 << 20))\"", json).status == 413)
        }
    }

    @Test func `Jobs are listed newest first, in pages, by metadata, with their places in the queue`() async throws {
        try await TestServer.run { server in
            let first = try await server.queuedJob(["metadata": ["team": "support", "a b": "x/y"]])
            let second = try await server.queuedJob(["metadata": ["team": "sales"]])
            let page = try await server.client.get("\(path)?limit=1").json
            #expect(page["data"]?.array?.first?["id"]?.string == second.id)
            #expect(page["data"]?.array?.first?["queue_position"]?.integer == 2)
            #expect(page["has_more"] == true)
            let next = try await server.client.get("\(path)?after=\(second.id)").json
            #expect(next["data"]?.array?.first?["id"]?.string == first.id)
            let found = try await server.client.get("\(path)?metadata%5Bteam%5D=support&metadata%5Ba+b%5D=x%2Fy").json
            #expect(found["data"]?.array?.compactMap { $0["id"]?.string } == [first.id])
            #expect(try await server.client.get("\(path)?metadata[team]=none").json["data"] == [])
            for wrong in ["after=ftjob-none", "metadata[a][b]=c", "metadata=c", "metadata[]=c", "limit=1001"] {
                #expect(try await server.client.get("\(path)?\(wrong)").status == 400, "\(wrong)")
            }
        }
    }

    @Test func `Cancel, pause and resume take effect once, then say why not with 400`() async throws {
        try await TestServer.run { server in
            let job = try await server.queuedJob()
            let post = { (verb: String) in try await server.client.post("\(path)/\(job.id)/\(verb)") }
            #expect(try await post("pause").json["status"] == "paused")
            #expect(try await post("resume").json["status"] == "queued")
            #expect(try await post("cancel").json["status"] == "cancelled")
            for verb in ["cancel", "pause", "resume"] {
                let answer = try await post(verb)
                #expect(answer.status == 400)
                #expect(try answer.error("code") == "invalid_state")
                #expect(try answer.error("message")?.string?.contains("cancelled") == true)
            }
            let unknown = try await server.client.post("\(path)/ftjob-none/cancel")
            #expect(unknown.status == 404)
            #expect(try unknown.error("message")?.string?.contains("ftjob-none") == true)
        }
    }

    @Test func `A running job tells its progress, its best result and what was asked of it`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.ingest([TestServer.point(40), TestServer.evaluation(40)], job)
            let object = try await server.client.get("\(path)/\(job.id)").json
            #expect(object["status"] == "running")
            #expect(object["progress"]?["step"] == 40)
            #expect(object["progress"]?["total_steps"] == 100)
            #expect(object["progress"]?["eta_seconds"]?.number == 9.6)
            #expect(object["estimated_finish"]?.integer != nil)
            #expect(object["best"]?["metric"] == "valid_loss")
            #expect(try await server.client.post("\(path)/\(job.id)/cancel").json["intent"] == "cancel")
        }
    }

    @Test func `An Idempotency-Key makes one job; with another body it is refused`() async throws {
        try await TestServer.run { server in
            let body: JSONValue = ["model": "tiny-bert", "training_file": .string(try await server.upload())]
            let key = ["Idempotency-Key": "one"]
            let first = try await server.client.post(path, body, headers: key).json["id"]
            #expect(try await server.client.post(path, body, headers: key).json["id"] == first)
            #expect(try await server.client.post(path, body).json["id"] != first)
            let other: JSONValue = ["model": "tiny-bert", "training_file": body["training_file"] ?? .null, "seed": 1]
            let refused = try await server.client.post(path, other, headers: key)
            #expect(refused.status == 422)
            #expect(try refused.error("code") == "idempotency_key_reused")
        }
    }

    @Test func `A marked retry with the same bytes gives the first job, an unmarked or other one a new job`()
        async throws
    {
        try await TestServer.run { server in
            let body: JSONValue = ["model": "tiny-bert", "training_file": .string(try await server.upload())]
            let retry = ["x-stainless-retry-count": "1"]
            let first = try await server.client.post(path, body, headers: ["x-stainless-retry-count": "0"]).json["id"]
            #expect(try await server.client.post(path, body, headers: retry).json["id"] == first)
            #expect(try await server.client.post(path, body).json["id"] != first)
            let spaced = Array(body.text.replacing(",", with: ", ").utf8)
            let other = try await server.client.send(
                "POST", path, headers: retry.merging(["Content-Type": "application/json"]) { $1 }, body: spaced)
            #expect(try other.json["id"] != first)
        }
    }

    @Test func `A resumed chart gets only what is new, thinned to what was asked for`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.ingest((1...50).map { TestServer.point($0, loss: $0 == 25 ? 9 : 1) }, job)
            try await server.ingest([TestServer.evaluation(50)], job)
            let history = try await server.client.get("\(path)/\(job.id)/metrics").json
            #expect(history["object"] == "fine_tuning.job.metrics")
            #expect(history["train"]?["step"]?.array?.compactMap(\.integer) == Array(1...50))
            for column in ["epoch", "train_loss", "train_accuracy", "learning_rate", "grad_norm", "samples_per_second"]
            {
                #expect(history["train"]?[column]?.array?.count == 50)
            }
            #expect(history["evaluations"]?.array?.first?["accuracy"] == 0.5)
            let last = try #require(history["last_seq"]?.integer)
            try await server.ingest([TestServer.point(51)], job)
            let more = try await server.client.get("\(path)/\(job.id)/metrics?after=\(last)").json
            #expect(more["train"]?["step"] == [51])
            let thin = try await server.client.get("\(path)/\(job.id)/metrics?max_points=10").json
            let losses = thin["train"]?["train_loss"]?.array?.compactMap(\.number) ?? []
            #expect((3...10).contains(losses.count) && losses.contains(9))
            #expect(try await server.client.get("\(path)/\(job.id)/metrics?max_points=0").status == 400)
        }
    }
}
