import FineTuning
import JSON
import Storage

/// The Model object of the OpenAI API.
struct ModelObject {
    /// The kinds of models.
    enum Kind: String {
        case base
        case fineTuned = "fine-tuned"
    }

    let id: String
    let created: Int
    let owner: String
    let kind: Kind
    let parent: String?
    let jobID: String?
    let task: TaskKind?
    let labels: [String]?

    static func base(_ model: BaseModel) -> ModelObject {
        ModelObject(
            id: model.name, created: model.createdAt, owner: "system", kind: .base, parent: nil, jobID: nil, task: nil,
            labels: nil)
    }

    static func fineTuned(_ model: FineTunedModel, owner: String) -> ModelObject {
        ModelObject(
            id: model.name, created: model.createdAt, owner: owner, kind: .fineTuned, parent: model.parent,
            jobID: model.jobID, task: model.task, labels: model.labels)
    }

    var json: JSONValue {
        let text = { (value: String) in JSONValue.string(value) }
        return [
            "id": .string(id), "object": "model", "created": JSONValue(created), "owned_by": .string(owner),
            "kind": .string(kind.rawValue), "parent": JSONValue(parent, text), "job_id": JSONValue(jobID, text),
            "task": JSONValue(task?.rawValue, text), "labels": JSONValue(labels) { .array($0.map(text)) },
        ]
    }
}
