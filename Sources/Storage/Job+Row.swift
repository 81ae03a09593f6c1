internal import FineTuning
internal import JSON
internal import SQLite

extension Job {
    /// Reads a row of `jobs`.
    init(row: borrowing Row) throws {
        self.init(
            id: try row["id"], createdAt: try row["created_at"],
            recipe: try row.json("recipe_json", Recipe.init),
            trainingFile: try row["training_file"], validationFile: try row["validation_file"],
            suffix: try row["suffix"], metadata: try row.json("metadata_json") { Self.metadata($0.value) })
        sweep = try row.optionalJSON("sweep_json", Sweep.init)
        parentID = try row["parent_id"]
        startedAt = try row["started_at"]
        finishedAt = try row["finished_at"]
        state = try row.choice("state")
        attempt = try row["attempt"]
        faults = try row["faults"]
        memoryBytes = try row["memory_bytes"]
        intent = try row.optionalChoice("intent")
        error = try row.optionalJSON("error_json", JobError.init)
        fineTunedModel = try row["fine_tuned_model"]
        trainedTokens = try row["trained_tokens"]
        resultFiles = try row.json("result_files_json") { try $0.strings() }
        quote = Quote(
            predicted: try row.optionalJSON("estimate_json", Estimate.init), seconds: try row["training_seconds"],
            peakMemoryBytes: try row["peak_memory_bytes"])
        blocks = try row.optionalJSON("blocks_json") { try $0.list() }
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

    private static func metadata(_ value: JSONValue) -> [String: String] {
        Dictionary((value.object?.members ?? []).map { ($0.name, $0.value.string ?? "") }) { first, _ in first }
    }
}
