public import FineTuning
internal import JSON
internal import SQLite

/// Jobs. Each change of a state is one UPDATE that names the state it comes from, in one transaction with its event.
public struct JobStore: Sendable {
    let database: Database

    /// How long, in seconds, a client's second try without an idempotency key finds the job of the first.
    static let retryWindow = 10

    /// Stores a new job, its files yet to be checked.
    ///
    /// - Parameters:
    ///   - points: the settings that a sweep tries.
    ///   - key: tells a client's second try from a new job.
    ///   - principal: whose it becomes.
    /// - Returns: the job, or the one that the first try made.
    /// - Throws: ``StorageError/notFound(_:id:)`` where a file is missing, ``StorageError/idempotencyMismatch(key:)``,
    ///   ``StorageError/quotaExceeded(_:)``.
    public func create(
        _ job: Job, points: [SweepPoint] = [], key: CreationKey? = nil, by principal: Principal? = nil
    ) async throws -> Job {
        let creator = principal?.id ?? ""
        return try await database.write { transaction in
            if let key, let earlier = try Self.earlier(key, creator, transaction) { return earlier }
            if let principal {
                try transaction.requirePlaces(for: job.sweep == nil ? 1 : points.count, of: principal)
            }
            for file in [job.trainingFile, job.validationFile].compactMap({ $0 }) {
                let isThere = try transaction.connection.value("SELECT 1 FROM files WHERE id = ?", file, as: Int.self)
                guard isThere != nil else { throw StorageError.notFound(.file, id: file) }
            }
            try Self.insert(job, creator: creator, key, transaction.connection)
            try Self.insert(points, of: job, transaction.connection)
            try Self.announce(job, transaction)
            try transaction.audit(.jobCreate, job.id, by: principal)
            return try transaction.job(job.id)
        }
    }

    /// Tells that a job was created.
    static func announce(_ job: Job, _ transaction: WriteTransaction) throws {
        try transaction.append(
            .status, job: job.id, message: "Created fine-tuning job: \(job.id)",
            data: ["status": .string(job.state.rawValue), "previous": .null, "attempt": 0])
        try transaction.append(.message, job: job.id, message: "Validating training file: \(job.trainingFile)")
    }

    static func insert(
        _ job: Job, creator: String, _ key: CreationKey?, _ connection: Connection
    ) throws(SQLiteError) {
        let metadata = job.metadata.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        try connection.run(
            """
            INSERT INTO jobs (id, created_at, state, priority, recipe_json, training_file, validation_file, suffix,
                metadata_json, creator, idempotency_key, request_digest, sweep_json, parent_id)
            VALUES (?, ?, 'validating_files', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, job.id, job.createdAt, job.priority, job.recipe.json.text, job.trainingFile, job.validationFile,
            job.suffix, JSONValue.object(JSONObject(metadata)).text, creator, key?.idempotencyKey,
            key?.requestDigest, job.sweep?.json.text, job.parentID)
    }

    private static func earlier(_ key: CreationKey, _ creator: String, _ transaction: WriteTransaction) throws -> Job? {
        let connection = transaction.connection
        if let idempotencyKey = key.idempotencyKey {
            let found = try connection.first(
                "SELECT * FROM jobs WHERE creator = ? AND idempotency_key = ?", creator, idempotencyKey
            ) { row in (job: try Job(row: row), digest: try row["request_digest"] as String?) }
            guard let found else { return nil }
            guard found.digest == key.requestDigest else {
                throw StorageError.idempotencyMismatch(key: idempotencyKey)
            }
            return found.job
        }
        guard key.isRetry else { return nil }
        return try connection.first(
            """
            SELECT * FROM jobs WHERE creator = ? AND request_digest = ? AND created_at >= ?
            ORDER BY number DESC LIMIT 1
            """, creator, key.requestDigest, transaction.now - retryWindow
        ) { try Job(row: $0) }
    }

    /// The job of that identifier.
    ///
    /// - Throws: ``StorageError/notFound(_:id:)``
    public func job(_ id: String) async throws -> Job {
        let job = try await database.read { connection in
            try connection.first("SELECT * FROM jobs WHERE id = ?", id) { try Job(row: $0) }
        }
        guard let job else { throw StorageError.notFound(.job, id: id) }
        return job
    }

    /// What `describe` makes of a job, made anew only where the database, or the time, has changed since it was asked for
    /// last: clients ask for one job again and again.
    ///
    /// - Parameters:
    ///   - time: seconds since 1970; goes into the description.
    ///   - describe: given the job, its place in the queue (from 1; nil unless it is queued) and the trials of a sweep.
    /// - Throws: ``StorageError/notFound(_:id:)``
    public func description(
        of id: String, at time: Int, _ describe: @Sendable (Job, _ queuePosition: Int?, [Trial]) -> [UInt8]
    ) async throws -> [UInt8] {
        try await database.pool.read(remembering: "job \(id) at \(time)") { connection in
            let found = try connection.first("SELECT * FROM jobs WHERE id = ?", id) { try Job(row: $0) }
            guard let job = found else { throw StorageError.notFound(.job, id: id) }
            let position = job.state == .queued ? try Self.queuePositions(connection)[id] : nil
            return describe(job, position, job.sweep == nil ? [] : try SweepTrials.read(id, connection))
        }
    }

    /// Jobs, newest first.
    ///
    /// - Parameters:
    ///   - after: identifier of the last job of the page before.
    ///   - limit: how many at most.
    ///   - metadata: only jobs that have all of these entries.
    public func page(after: String? = nil, limit: Int, metadata: [String: String] = [:]) async throws -> Page<Job> {
        try await database.read { connection in
            var values: [any SQLConvertible] = []
            var sql = "SELECT * FROM jobs WHERE TRUE"
            if let after {
                let number = try connection.value("SELECT number FROM jobs WHERE id = ?", after, as: Int.self)
                guard let number else { throw StorageError.notFound(.job, id: after) }
                sql += " AND number < ?"
                values.append(number)
            }
            for (name, value) in metadata {
                sql += " AND EXISTS (SELECT 1 FROM json_each(metadata_json) WHERE key = ? AND value = ?)"
                values += [name, value]
            }
            sql += " ORDER BY number DESC LIMIT ?"
            values.append(limit + 1)
            return Page(try connection.query(sql, values: values) { try Job(row: $0) }, limit: limit)
        }
    }

    /// Jobs in a state, oldest first.
    public func inState(_ state: JobState) async throws -> [Job] {
        try await database.read { connection in
            try connection.query("SELECT * FROM jobs WHERE state = ? ORDER BY number", state.rawValue) {
                try Job(row: $0)
            }
        }
    }

    /// How many jobs are in each state.
    public func counts() async throws -> [JobState: Int] {
        let counts = try await database.read { connection in
            try connection.query("SELECT state, COUNT(*) AS jobs FROM jobs GROUP BY state") { row in
                (state: try row.choice("state") as JobState, count: try row["jobs"] as Int)
            }
        }
        return Dictionary(uniqueKeysWithValues: counts.map { ($0.state, $0.count) })
    }

    /// The waiting jobs' places in the queue, from 1.
    public func queuePositions() async throws -> [String: Int] {
        try await database.read { try Self.queuePositions($0) }
    }

    private static func queuePositions(_ connection: Connection) throws -> [String: Int] {
        let ids = try connection.query("SELECT id FROM jobs WHERE state = 'queued' ORDER BY priority DESC, number") {
            row -> String in try row["id"]
        }
        return Dictionary(uniqueKeysWithValues: zip(ids, 1...))
    }

    /// How far the journal of a running attempt is taken in, in bytes; nil where the job does not run in it.
    public func journalOffset(_ id: String, attempt: Int) async throws -> Int? {
        try await database.read { connection in
            try connection.value(
                "SELECT journal_offset FROM jobs WHERE id = ? AND attempt = ? AND state = 'running'", id, attempt)
        }
    }
}
