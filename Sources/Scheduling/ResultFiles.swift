internal import FineTuning
internal import JSON

/// The content of the files that a finished job puts out.
struct ResultFiles {
    let job: Job
    let points: [MetricPoint]
    let evaluations: [Evaluation]

    private static let columns = [
        "step", "train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "valid_macro_f1", "epoch",
        "learning_rate", "grad_norm", "tokens",
    ]

    /// The training curve as CSV, a row a step; the first columns are those of the OpenAI API's result files.
    var metricsCSV: [UInt8] {
        let evaluations = Dictionary(evaluations.map { ($0.step, $0) }) { _, last in last }
        var text = Self.columns.joined(separator: ",") + "\n"
        for point in points {
            let evaluation = evaluations[point.step]
            let cells: [String?] = [
                "\(point.step)", "\(point.trainLoss)", point.trainAccuracy?.description,
                evaluation?.validLoss.description, evaluation?.metrics[.accuracy]?.description,
                evaluation?.metrics[.macroF1]?.description, "\(point.epoch)", "\(point.learningRate)",
                "\(point.gradientNorm)", "\(point.tokens)",
            ]
            text += cells.map { $0 ?? "" }.joined(separator: ",") + "\n"
        }
        return Array(text.utf8)
    }

    /// The evaluations as JSON, with that of the step whose checkpoint became the model apart.
    func evaluationJSON(model: String, step: Int) -> [UInt8] {
        let chosen = evaluations.last { $0.step <= step }
        let value: JSONValue = [
            "job_id": .string(job.id), "fine_tuned_model": .string(model), "checkpoint_step": JSONValue(step),
            "evaluation": chosen?.json ?? .null, "evaluations": .array(evaluations.map(\.json)),
        ]
        return Array((value.prettyText + "\n").utf8)
    }
}
