import FineTuning
import JSON
import Storage

/// A job's metrics by columns, as charts want them.
struct MetricHistoryObject {
    let jobID: String
    /// The training curve; the event stream goes on behind its last sequence number.
    let curve: MetricHistory
    let evaluations: [Evaluation]

    var json: JSONValue {
        [
            "object": "fine_tuning.job.metrics", "job_id": .string(jobID), "last_seq": JSONValue(curve.lastSequence),
            "train": train, "evaluations": .array(evaluations.map(\.json)),
        ]
    }

    private var train: JSONValue {
        let numbers = { (column: [Double]) in JSONValue.array(column.map { JSONValue($0) }) }
        return [
            "step": .array(curve.step.map { JSONValue($0) }), "epoch": numbers(curve.epoch),
            "train_loss": numbers(curve.trainLoss),
            "train_accuracy": .array(curve.trainAccuracy.map { JSONValue($0) { JSONValue($0) } }),
            "learning_rate": numbers(curve.learningRate), "grad_norm": numbers(curve.gradientNorm),
            "samples_per_second": numbers(curve.samplesPerSecond),
        ]
    }
}
