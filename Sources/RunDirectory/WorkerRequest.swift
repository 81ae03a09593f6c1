public import FineTuning
public import JSON

/// A question that the daemon asks a worker process: one line of JSON on its standard input.
///
/// `finetune-worker answer` reads requests until the input ends and answers each with one line (``WorkerReply``). Its
/// first request says which files the process opens for all of its life. The daemon itself never opens a data file or a
/// model.
public enum WorkerRequest: Sendable, Hashable, JSONRepresentable {
    /// Check data files line by line; answered with a `DataReport`. `modelDirectory` gives lengths in tokens.
    case check(
        training: DataFile, validation: DataFile?, task: TaskSpecification, data: DataPipeline, modelDirectory: String?)
    /// Predict time, memory and disk of a job; answered with `{"report": DataReport, "estimate": Estimate}`.
    case estimate(RunRecipe)
    /// Describe a model; answered with the model card's object.
    case card(modelDirectory: String)
    /// Answer texts; answered with an array of `Prediction`. The model stays loaded for the next request.
    case predict(modelDirectory: String, inputs: [PredictionInput])
    /// Make vectors of texts, with a sentence encoder or any other encoder; answered with an array of
    /// `EmbeddingVector`. The model stays loaded for the next request.
    case embed(modelDirectory: String, texts: [String])
    /// Write a model whose adapters are merged into its weights into a new directory; answered with an array of
    /// `CheckpointFile`.
    case merge(modelDirectory: String, outputDirectory: String)

    private enum Operation: String, CaseIterable {
        case check, estimate, card, predict, embed, merge
    }

    /// Reads a request.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        let operation: Operation = try fields.required("operation").choice()
        switch operation {
        case .check:
            let training = try DataFile(fields.required("training"))
            let validation: DataFile? = if let file = fields.optional("validation") { try DataFile(file) } else { nil }
            self = .check(
                training: training, validation: validation, task: try TaskSpecification(fields.required("task")),
                data: try DataPipeline(fields.required("data")),
                modelDirectory: try fields.optional("model_directory")?.string())
        case .estimate: self = .estimate(try RunRecipe(fields.required("run")))
        case .card: self = .card(modelDirectory: try fields.required("model_directory").string())
        case .predict:
            self = .predict(
                modelDirectory: try fields.required("model_directory").string(),
                inputs: try fields.required("inputs").list())
        case .embed:
            self = .embed(
                modelDirectory: try fields.required("model_directory").string(),
                texts: try fields.required("texts").strings())
        case .merge:
            self = .merge(
                modelDirectory: try fields.required("model_directory").string(),
                outputDirectory: try fields.required("output_directory").string())
        }
        try fields.finish()
    }

    /// The request as JSON.
    public var json: JSONValue {
        switch self {
        case .check(let training, let validation, let task, let data, let modelDirectory):
            [
                "operation": "check", "training": training.json, "validation": validation?.json ?? .null,
                "task": task.json, "data": data.json,
                "model_directory": JSONValue(modelDirectory) { .string($0) },
            ]
        case .estimate(let run): ["operation": "estimate", "run": run.json]
        case .card(let modelDirectory): ["operation": "card", "model_directory": .string(modelDirectory)]
        case .predict(let modelDirectory, let inputs):
            [
                "operation": "predict", "model_directory": .string(modelDirectory),
                "inputs": .array(inputs.map(\.json)),
            ]
        case .embed(let modelDirectory, let texts):
            [
                "operation": "embed", "model_directory": .string(modelDirectory),
                "texts": .array(texts.map { .string($0) }),
            ]
        case .merge(let modelDirectory, let outputDirectory):
            [
                "operation": "merge", "model_directory": .string(modelDirectory),
                "output_directory": .string(outputDirectory),
            ]
        }
    }
}
