internal import FineTuning
internal import JSON
internal import SQLite

extension Job {
    /// Reads a row of `jobs`.
    init(row: borrowing Row) throws {
        self.init(
            id: try row["id"], createdAt: try row["created_at"],
            recipe: try Recipe(JSONCursor(JSONValue(parsing: row["recipe_json"] as String))),
            trainingFile: try row["training_file"], validationFile: try row["validation_file"],
            suffix: try row["suffix"], metadata: try Self.metadata(row["metadata_json"]))
        sweep = try Self.part(row["sweep_json"])
        parentID = try row["parent_id"]
        startedAt = try row["started_at"]
        finishedAt = try row["finished_at"]
        state = try row.choice("state")
        attempt = try row["attempt"]
        faults = try row["faults"]
        memoryBytes = try row["memory_bytes"]
        intent = try row.optionalChoice("intent")
        error = try Self.part(row["error_json"])
        fineTunedModel = try row["fine_tuned_model"]
        trainedTokens = try row["trained_tokens"]
        resultFiles = try JSONValue(parsing: row["result_files_json"] as String).array?.compactMap(\.string) ?? []
        quote = Quote(
            predicted: try Self.part(row["estimate_json"]), seconds: try row["training_seconds"],
            peakMemoryBytes: try row["peak_memory_bytes"])
        blocks = try (row["blocks_json"] as String?).map { text in
            try JSONCursor(JSONValue(parsing: text)).elements().map { try BlockParameters($0) }
        }
        hasLedger = try row["has_ledger"] as Int == 1
        if let step: Int = try row["step"] {
            progress = Progress(
                step: step, totalSteps: try row["total_steps"], epoch: try row["epoch"],
                samplesPerSecond: try row["samples_per_second"])
        }
        if let metric: MetricName = try row.optionalChoice("best_metric") {
            best = BestResult(metric: metric, value: try row["best_value"], step: try row["best_step"])
        }
    }

    private static func part<Part: JSONRepresentable>(_ text: String?) throws -> Part? {
        try text.map { try Part(JSONCursor(JSONValue(parsing: $0))) }
    }

    private static func metadata(_ text: String) throws -> [String: String] {
        let members = try JSONValue(parsing: text).object?.members ?? []
        return Dictionary(members.map { ($0.name, $0.value.string ?? "") }) { first, _ in first }
    }
}

extension Row {
    /// The case of an enum whose raw value a column holds.
    func choice<Choice: RawRepresentable<String>>(_ name: String) throws -> Choice {
        guard let choice: Choice = try optionalChoice(name) else {
            throw SQLiteError(code: 20, message: "column \(name) holds NULL, expected \(Choice.self)")
        }
        return choice
    }

    /// The case of an enum whose raw value a column holds, or nil for `NULL`.
    func optionalChoice<Choice: RawRepresentable<String>>(_ name: String) throws -> Choice? {
        guard let text: String = try self[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw SQLiteError(code: 20, message: "column \(name) holds \"\(text)\", expected \(Choice.self)")
        }
        return choice
    }
}
