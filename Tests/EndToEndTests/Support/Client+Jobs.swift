import JSON

/// What most tests do with jobs.
extension Client {
    static let jobs = "/v1/fine_tuning/jobs"

    /// Uploads a file and creates a job with it.
    ///
    /// - Returns: the job's id.
    func createJob(
        data: String = Messages.lines(), epochs: Int = 4, checkpointEvery: Int = 6, more: JSONObject = [:]
    ) async throws -> String {
        let file = try await upload(data)
        guard let id = try file.json["id"] else { throw Unexpected(description: file.text) }
        var body: JSONObject = [
            "model": "tiny-bert", "training_file": id, "seed": 7, "suffix": "test",
            "method": [
                "type": "supervised",
                "supervised": ["hyperparameters": ["n_epochs": JSONValue(epochs), "batch_size": 8]],
            ],
            "strategy": [
                "learning_rate": 0.003, "checkpoint_every": ["steps": JSONValue(checkpointEvery)],
                "evaluate_every": ["steps": JSONValue(checkpointEvery)],
            ],
            "data": ["max_length": 24, "validation_split": 0.25],
        ]
        for member in more.members { body[member.name] = member.value }
        let answer = try await post(Self.jobs, .object(body))
        guard answer.status == 200, let job = try answer.json["id"]?.string else {
            throw Unexpected(description: "\(answer.status) \(answer.text)")
        }
        return job
    }

    /// A job as it is.
    func job(_ id: String) async throws -> JSONValue { try await value("\(Self.jobs)/\(id)") }

    /// Waits until a job is over.
    func finished(_ id: String) async throws -> JSONValue {
        for try await _ in events(of: id) {}
        return try await job(id)
    }

    /// Waits until a job has the status.
    func wait(_ id: String, for status: String) async throws {
        for try await event in events(of: id) where event.kind == "status" && event.status == status { return }
        throw Unexpected(description: "the job never became \(status): \(try await job(id).text)")
    }

    /// Waits until a step's metrics are told.
    func wait(_ id: String, step: Int) async throws {
        for try await event in events(of: id) {
            if event.kind == "metrics", let reached = event.data["step"]?.integer, reached >= step { return }
        }
        throw Unexpected(description: "the job never reached step \(step): \(try await job(id).text)")
    }

    /// The training curve.
    func curve(_ id: String) async throws -> (steps: [Int], losses: [Double]) {
        let train = try await value("\(Self.jobs)/\(id)/metrics?max_points=100000")["train"]
        return (
            train?["step"]?.array?.compactMap(\.integer) ?? [],
            train?["train_loss"]?.array?.compactMap(\.number) ?? []
        )
    }
}
