import FineTuning
import JSON

/// The Job object of the OpenAI API, with the five parts as they were resolved.
struct JobObject {
    let job: Job
    /// The name of the server's owner, as in the names of models.
    let organization: String
    /// The place in the queue, from 1; nil unless it is queued.
    let queuePosition: Int?
    /// The trials of a sweep.
    let trials: [Trial]
    /// Seconds since 1970.
    let now: Int

    var json: JSONValue {
        var object = JSONObject(identity)
        for (name, value) in configuration + state { object[name] = value }
        return .object(object)
    }

    private var identity: [(String, JSONValue)] {
        [
            ("object", "fine_tuning.job"), ("id", .string(job.id)), ("created_at", JSONValue(job.createdAt)),
            ("model", .string(job.recipe.model)), ("organization_id", .string(organization)),
            ("fine_tuned_model", Self.text(job.fineTunedModel)), ("status", .string(job.state.rawValue)),
            ("error", job.error?.json ?? .null),
        ]
    }

    private var configuration: [(String, JSONValue)] {
        let hyperparameters = job.recipe.hyperparameters.json
        let metadata = job.metadata.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        return [
            ("training_file", .string(job.trainingFile)), ("validation_file", Self.text(job.validationFile)),
            ("suffix", Self.text(job.suffix)), ("seed", JSONValue(job.recipe.seed)),
            ("hyperparameters", hyperparameters),
            ("method", ["type": "supervised", "supervised": ["hyperparameters": hyperparameters]]),
            ("metadata", .object(JSONObject(metadata))), ("integrations", []),
            ("task", job.recipe.task.json), ("layers", job.recipe.layers.json),
            ("strategy", job.recipe.strategy.json), ("data", job.recipe.data.json),
            ("resources", job.recipe.resources.json),
        ]
    }

    private var state: [(String, JSONValue)] {
        [
            ("started_at", Self.number(job.startedAt)), ("finished_at", Self.number(job.finishedAt)),
            ("estimated_finish", Self.number(remainingSeconds.map { now + Int($0.rounded(.up)) })),
            ("trained_tokens", Self.number(job.trainedTokens)),
            ("result_files", .array(job.resultFiles.map { .string($0) })), ("progress", progress),
            ("queue_position", Self.number(queuePosition)), ("attempt", JSONValue(job.attempt)),
            ("intent", Self.text(job.intent?.rawValue)), ("best", job.best?.json ?? .null),
            ("estimate", QuoteObject(quote: job.quote).json),
            ("blocks", JSONValue(job.blocks) { .array($0.map(\.json)) }), ("ledger", .bool(job.hasLedger)),
            ("parent_job_id", Self.text(job.parentID)), ("sweep", job.sweep?.json ?? .null),
            ("trials", job.sweep == nil ? .null : .array(trials.map(\.json))), ("best_trial", Self.text(bestTrial)),
        ]
    }

    /// The job of the best trial so far.
    private var bestTrial: String? { job.sweep?.metric.flatMap { trials.best(by: $0)?.jobID } }

    private var progress: JSONValue {
        guard let progress = job.progress else { return .null }
        return [
            "step": JSONValue(progress.step), "total_steps": JSONValue(progress.totalSteps),
            "epoch": JSONValue(progress.epoch),
            "samples_per_second": JSONValue(progress.samplesPerSecond) { JSONValue($0) },
            "eta_seconds": JSONValue(remainingSeconds) { JSONValue($0) },
        ]
    }

    /// Seconds to the last step at the pace of late; nil unless the job runs and has a pace.
    private var remainingSeconds: Double? {
        guard job.state == .running, let progress = job.progress, let pace = progress.samplesPerSecond, pace > 0 else {
            return nil
        }
        return Double(max(0, progress.totalSteps - progress.step) * job.recipe.effectiveBatchSize) / pace
    }

    private static func text(_ value: String?) -> JSONValue { JSONValue(value) { .string($0) } }

    private static func number(_ value: Int?) -> JSONValue { JSONValue(value) { JSONValue($0) } }
}
