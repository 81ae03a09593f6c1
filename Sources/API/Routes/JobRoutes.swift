import Cryptography
import FineTuning
import HTTP
import JSON
import RunDirectory
import Scheduling
import Storage

/// Fine-tuning jobs: create, list, get, cancel, pause, resume, estimate.
extension API {
    var jobEndpoints: [Endpoint] {
        [
            Endpoint(.post, "/v1/fine_tuning/jobs", .submit, audit: .jobCreate, createJob),
            Endpoint(.get, "/v1/fine_tuning/jobs", .read, listJobs),
            Endpoint(.post, "/v1/fine_tuning/jobs/estimate", .read, estimateJob),
            Endpoint(.get, "/v1/fine_tuning/jobs/{job_id}", .read, isPrompt: true, getJob),
            Endpoint(.post, "/v1/fine_tuning/jobs/{job_id}/cancel", .submit, audit: .jobCancel, cancelJob),
            Endpoint(.post, "/v1/fine_tuning/jobs/{job_id}/pause", .submit, audit: .jobPause, pauseJob),
            Endpoint(.post, "/v1/fine_tuning/jobs/{job_id}/resume", .submit, audit: .jobResume, resumeJob),
            Endpoint(.get, "/v1/fine_tuning/jobs/{job_id}/metrics", .read, metricHistory),
            Endpoint(.get, "/v1/fine_tuning/jobs/{job_id}/ledger", .read, ledger),
        ]
    }

    /// The job that the path names.
    func job(of request: Request) async throws -> Job {
        try await found(request) { try await database.jobs.job($0) }
    }

    /// What a store finds of the job that the path names.
    private func found<Found>(_ request: Request, _ find: (String) async throws -> Found) async throws -> Found {
        let id = request.parameters["job_id"] ?? ""
        do {
            return try await find(id)
        } catch StorageError.notFound {
            throw APIError.missing("job", id, param: "job_id")
        }
    }

    /// The job's wire form at this moment.
    func object(_ job: Job) async throws -> JSONValue {
        let positions = job.state == .queued ? try await database.jobs.queuePositions() : [:]
        return try await object(job, positions)
    }

    private func object(_ job: Job, _ positions: [String: Int]) async throws -> JSONValue {
        JobObject(
            job: job, organization: configuration.organization, queuePosition: positions[job.id],
            trials: job.sweep == nil ? [] : try await database.jobs.trials(job.id), now: now()
        ).json
    }

    private func createJob(_ request: Request) async throws -> Response {
        let body = try await JSONBody.read(request)
        let asked = try JobRequest(body.value, threads: configuration.threads)
        try await checkReferences(asked)
        try requireFreeDisk(0)
        let job = Job(
            createdAt: now(), recipe: asked.recipe, trainingFile: asked.trainingFile,
            validationFile: asked.validationFile, suffix: asked.suffix, metadata: asked.metadata,
            sweep: asked.sweep)
        let created = try await database.jobs.create(
            job, points: asked.points, key: try key(request, body.bytes), by: request.principal)
        await scheduler.wake()
        return .json(try await object(created))
    }

    /// How a repetition of this creation is recognised.
    ///
    /// The official clients repeat a request whose answer got lost and mark it, but send no key: a marked request
    /// counts as a repetition by its bytes.
    private func key(_ request: Request, _ bytes: [UInt8]) throws -> CreationKey {
        let key = request.headers["Idempotency-Key"]
        if let key, key.isEmpty || key.utf8.count > 255 {
            throw APIError.invalid("Idempotency-Key", "expected 1 to 255 bytes, got \(key.utf8.count)")
        }
        let retries = request.headers["x-stainless-retry-count"].flatMap { Int($0) } ?? 0
        return CreationKey(
            idempotencyKey: key, requestDigest: SHA256.hash(bytes).hex, isRetry: retries > 0)
    }

    /// Refuses a job whose model or files do not exist.
    private func checkReferences(_ asked: JobRequest) async throws {
        _ = try await modelDirectory(asked.recipe.model, param: "model")
        for model in Set(asked.points.map(\.recipe.model)).subtracting([asked.recipe.model]).sorted() {
            _ = try await modelDirectory(model, param: "sweep.parameters.model")
        }
        _ = try await dataFile(asked.trainingFile, param: "training_file")
        if let file = asked.validationFile { _ = try await dataFile(file, param: "validation_file") }
    }

    private func listJobs(_ request: Request) async throws -> Response {
        let asked = try PageRequest(request.query, limit: 20, most: 1000)
        let wanted = try Self.metadata(request.query)
        let page = try await asked.checked {
            try await database.jobs.page(after: asked.after, limit: asked.limit, metadata: wanted)
        }
        let hasQueued = page.elements.contains { $0.state == .queued }
        let positions = hasQueued ? try await database.jobs.queuePositions() : [:]
        var objects: [String: JSONValue] = [:]
        for job in page.elements { objects[job.id] = try await object(job, positions) }
        return .json(ListObject(page) { objects[$0.id] ?? .null }.json)
    }

    /// The entries that listed jobs must have: `metadata[key]=value`.
    private static func metadata(_ query: Query) throws -> [String: String] {
        var metadata: [String: String] = [:]
        for parameter in query where parameter.name.hasPrefix("metadata") {
            let key = parameter.name.dropFirst("metadata[".count).dropLast()
            guard parameter.name == "metadata[\(key)]", !key.isEmpty, !key.contains("["), !key.contains("]") else {
                throw APIError.invalid("metadata", "expected metadata[key]=value, got \"\(parameter.name.prefix(80))\"")
            }
            metadata[String(key)] = parameter.value
        }
        return metadata
    }

    private func getJob(_ request: Request) async throws -> Response {
        let (time, organization) = (now(), configuration.organization)
        let bytes = try await found(request) { id in
            try await database.jobs.description(of: id, at: time) { job, position, trials in
                JobObject(
                    job: job, organization: organization, queuePosition: position, trials: trials, now: time
                ).json.bytes
            }
        }
        return .json(bytes: bytes)
    }

    private func cancelJob(_ request: Request) async throws -> Response {
        try await act(on: request, scheduler.cancel)
    }

    private func pauseJob(_ request: Request) async throws -> Response {
        try await act(on: request, scheduler.pause)
    }

    private func resumeJob(_ request: Request) async throws -> Response {
        try await act(on: request, scheduler.resume)
    }

    private func act(
        on request: Request, _ action: (String, Principal?) async throws -> Job
    ) async throws -> Response {
        try await JSONBody.readNothing(request)
        return .json(try await object(action(try await job(of: request).id, request.principal)))
    }

    private func estimateJob(_ request: Request) async throws -> Response {
        let asked = try JobRequest(try await JSONBody.read(request).value, threads: configuration.threads)
        var validationFile: DataFile?
        if let file = asked.validationFile { validationFile = try await dataFile(file, param: "validation_file") }
        let run = RunRecipe(
            jobID: "estimate", attempt: 1, recipe: asked.recipe,
            modelDirectory: try await modelDirectory(asked.recipe.model, param: "model"),
            trainingFile: try await dataFile(asked.trainingFile, param: "training_file"),
            validationFile: validationFile)
        let (report, estimate) = try await answerer.estimate(run)
        return .json(EstimateObject(estimate: estimate.of(asked), report: report).json)
    }

    private func ledger(_ request: Request) async throws -> Response {
        let job = try await job(of: request)
        let after = try request.query.integer("after", in: 0...Int.max / 2) ?? 0
        let limit = try request.query.integer("limit", in: 1...1000) ?? 50
        guard job.hasLedger else {
            let why = job.state.isTerminal ? "it left none" : "it is written when the job has succeeded"
            throw APIError(
                .notFound, code: "ledger_not_found", param: "job_id", "the job \(job.id) has no ledger: \(why)")
        }
        let directory = RunDirectory(path: database.directory.attemptPath(job.id, attempt: job.attempt))
        let page = try LedgerFile(path: directory.ledgerPath).page(after: after, limit: limit)
        return .json([
            "object": "list", "data": .array(page.entries.map(\.json)),
            "has_more": .bool(after + page.entries.count < page.total), "total": JSONValue(page.total),
            "training_file": .string(job.trainingFile),
        ])
    }

    private func metricHistory(_ request: Request) async throws -> Response {
        let job = try await job(of: request)
        let after = try request.query.integer("after", in: 0...Int.max) ?? 0
        let limit = try request.query.integer("max_points", in: 1...100_000) ?? 2000
        let curve = try await database.metrics.history(jobID: job.id, after: after, limit: limit)
        let evaluations = try await database.metrics.evaluations(jobID: job.id)
        return .json(MetricHistoryObject(jobID: job.id, curve: curve, evaluations: evaluations).json)
    }
}
