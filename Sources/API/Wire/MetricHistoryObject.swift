import FineTuning
import JSON

/// A job's metrics by columns, as charts want them.
struct MetricHistoryObject {
    let jobID: String
    /// The sequence number up to which the history reaches; the event stream goes on behind it.
    let lastSequence: Int
    let points: [MetricPoint]
    let evaluations: [Evaluation]

    var json: JSONValue {
        [
            "object": "fine_tuning.job.metrics", "job_id": .string(jobID), "last_seq": JSONValue(lastSequence),
            "train": train, "evaluations": .array(evaluations.map(\.json)),
        ]
    }

    private var train: JSONValue {
        let column = { (value: (MetricPoint) -> Double) in JSONValue.array(points.map { JSONValue(value($0)) }) }
        return [
            "step": .array(points.map { JSONValue($0.step) }), "epoch": column(\.epoch),
            "train_loss": column(\.trainLoss),
            "train_accuracy": .array(points.map { JSONValue($0.trainAccuracy) { JSONValue($0) } }),
            "learning_rate": column(\.learningRate), "grad_norm": column(\.gradientNorm),
            "samples_per_second": column(\.samplesPerSecond),
        ]
    }
}
