import FineTuning
import HTTP
import JSON

/// How a data file is to be read, out of a query: `task`, `multi_label`, `ordinal`, `loss`, `format`, `header` and the
/// names of the fields.
struct DataQuery {
    private let query: Query

    init(_ query: Query) { self.query = query }

    private static let fieldNames = [
        "text", "text_pair", "label", "labels", "score", "tokens", "tags", "anchor", "positive", "negative",
    ]

    /// Task and pipeline, as a job's body with the same settings would give them.
    ///
    /// - Throws: `APIError`, also for names of fields that the task does not read.
    func parts() throws -> (TaskSpecification, DataPipeline) {
        let kind: TaskKind = try query.choice("task") ?? .textClassification
        var task = TaskSpecification(kind)
        task.multiLabel = try query.flag("multi_label") ?? false
        task.ordinal = try query.flag("ordinal") ?? false
        if let loss: EmbeddingObjective.Loss = try query.choice("loss") {
            guard kind == .textEmbedding else {
                throw APIError.invalid("loss", "only \"text-embedding\" has a loss to choose; leave it out")
            }
            task.embedding?.loss = loss
        }
        var data = DataPipeline()
        data.format = try query.choice("format") ?? data.format
        switch try query.single("header") {
        case nil, "auto": break
        case "true": data.header = .present
        case "false": data.header = .absent
        case let text?: throw APIError.invalid("header", "expected auto, true or false, got \"\(text.prefix(40))\"")
        }
        let names = try Self.fieldNames.compactMap { name in
            try query.single(name).map { (name, JSONValue.string($0)) }
        }
        do throws(JSONFault) {
            data.fields = try FieldNames(JSONCursor(.object(JSONObject(names))))
            try Recipe(model: "", seed: 0, task: task, data: data).requireSense(hasValidationFile: false)
        } catch {
            let name = error.path.split(separator: ".").last.map(String.init)
            throw APIError.invalid(name, code: error.kind.rawValue, error.message)
        }
        return (task, data)
    }
}
