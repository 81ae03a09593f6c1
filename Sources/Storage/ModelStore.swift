public import FineTuning
internal import JSON
internal import SQLite

/// Models: pretrained ones, which are directories, and fine-tuned ones, which jobs put out.
public struct ModelStore: Sendable {
    let database: Database

    /// The fine-tuned models, newest first.
    public func fineTuned() async throws -> [FineTunedModel] {
        try await database.read { connection in
            try connection.query("SELECT * FROM models ORDER BY number DESC") { try FineTunedModel(row: $0) }
        }
    }

    /// The fine-tuned model of that name; nil where there is none.
    public func fineTuned(_ name: String) async throws -> FineTunedModel? {
        try await database.read { connection in
            try connection.first("SELECT * FROM models WHERE name = ?", name) { try FineTunedModel(row: $0) }
        }
    }

    /// The pretrained models, by name.
    public func base() throws -> [BaseModel] { try database.directory.baseModels() }

    /// The pretrained model of that name; nil where there is none.
    public func base(_ name: String) throws -> BaseModel? { try database.directory.baseModel(name) }

    /// The directory of a model, pretrained or fine-tuned; absolute path.
    ///
    /// A name `<fine-tuned model>:ckpt-step-<step>` means the job's checkpoint of that step.
    /// - Throws: ``StorageError/notFound(_:id:)``
    public func directory(_ name: String) async throws -> String {
        if let model = try await fineTuned(name) { return "\(database.directory.path)/\(model.directory)" }
        if let base = try base(name) { return base.directory }
        if let mark = name.range(ofLast: ":ckpt-step-"), let step = Int(name[mark.upperBound...]),
            let job = try await job(ofModel: String(name[..<mark.lowerBound])),
            let checkpoint = try await database.checkpoints.checkpoint(jobID: job, step: step)
        {
            return database.checkpoints.path(checkpoint)
        }
        throw StorageError.notFound(.model, id: name)
    }

    /// The job that a fine-tuned model's name ends in, also before the model is there.
    private func job(ofModel name: String) async throws -> String? {
        let suffix = name.split(separator: ":", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        guard name.hasPrefix("ft:"), suffix.count == 8 else { return nil }
        let jobs = try await database.read { connection in
            try connection.query("SELECT * FROM jobs WHERE substr(id, -8) = ?", suffix) { try Job(row: $0) }
        }
        let organization = name.split(separator: ":", omittingEmptySubsequences: false).dropFirst(2).first ?? ""
        return jobs.first { $0.modelName(organization: String(organization)) == name }?.id
    }

    /// Forgets a fine-tuned model; its job keeps the checkpoints.
    ///
    /// - Parameter principal: who deletes it, for the audit log.
    /// - Throws: ``StorageError/notFound(_:id:)``, and ``StorageError/modelInUse(name:jobID:)`` while an unfinished job
    ///   goes on from it.
    public func delete(_ name: String, by principal: Principal? = nil) async throws {
        try await database.write { transaction in
            let user: String? = try transaction.connection.value(
                """
                SELECT id FROM jobs
                WHERE state IN ('validating_files', 'queued', 'running', 'paused') AND (
                    json_extract(recipe_json, '$.model') = ?1
                    OR id IN (SELECT parent_id FROM sweep_points WHERE json_extract(recipe_json, '$.model') = ?1))
                LIMIT 1
                """, name)
            if let user { throw StorageError.modelInUse(name: name, jobID: user) }
            guard try transaction.connection.run("DELETE FROM models WHERE name = ?", name) == 1 else {
                throw StorageError.notFound(.model, id: name)
            }
            try transaction.audit(.modelDelete, name, by: principal)
        }
    }

    static func insert(_ model: FineTunedModel, _ connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO models (name, job_id, parent, created_at, directory, task, labels_json)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, model.name, model.jobID, model.parent, model.createdAt, model.directory, model.task.rawValue,
            JSONValue.array(model.labels.map { .string($0) }).text)
    }
}

extension FineTunedModel {
    /// Reads a row of `models`.
    init(row: borrowing Row) throws {
        self.init(
            name: try row["name"], jobID: try row["job_id"], parent: try row["parent"],
            createdAt: try row["created_at"], directory: try row["directory"], task: try row.choice("task"),
            labels: try row.json("labels_json") { try $0.strings() })
    }
}

extension String {
    /// The last place at which `text` stands.
    fileprivate func range(ofLast text: String) -> Range<Index>? {
        ranges(of: text).last
    }
}
