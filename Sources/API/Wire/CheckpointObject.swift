import FineTuning
import JSON

/// The Checkpoint object of the OpenAI API, with its files.
struct CheckpointObject {
    let checkpoint: Checkpoint
    /// The name under which the job's model will be, or is, known.
    let modelName: String

    var json: JSONValue {
        [
            "object": "fine_tuning.job.checkpoint", "id": .string(checkpoint.id),
            "created_at": JSONValue(checkpoint.createdAt), "fine_tuning_job_id": .string(checkpoint.jobID),
            "fine_tuned_model_checkpoint": .string("\(modelName):ckpt-step-\(checkpoint.step)"),
            "step_number": JSONValue(checkpoint.step), "metrics": metrics,
            "files": .array(checkpoint.files.map(\.json)), "verified": true, "best": .bool(checkpoint.isBest),
        ]
    }

    /// The names of the OpenAI API, where a classifier's answer counts as its one token, and the task's own.
    private var metrics: JSONValue {
        let number = { (value: Double?) in JSONValue(value) { JSONValue($0) } }
        let loss = number(checkpoint.evaluation?.validLoss)
        let accuracy = number(checkpoint.evaluation?.metrics[.accuracy])
        var object: JSONObject = [
            "step": JSONValue(checkpoint.step), "train_loss": number(checkpoint.trainLoss),
            "train_mean_token_accuracy": nil, "valid_loss": loss, "valid_mean_token_accuracy": accuracy,
            "full_valid_loss": loss, "full_valid_mean_token_accuracy": accuracy, "accuracy": accuracy,
            "macro_f1": number(checkpoint.evaluation?.metrics[.macroF1]),
        ]
        for entry in checkpoint.evaluation?.metrics.entries ?? [] {
            object[entry.name.rawValue] = JSONValue(entry.value)
        }
        return .object(object)
    }
}
