public import JSON

/// The new task layer: what the model shall learn to put out.
public struct TaskSpecification: Sendable, Hashable, JSONRepresentable {
    /// The kind of task.
    public var type: TaskKind = .textClassification
    /// The layers before the output.
    public var head = HeadSpecification()
    /// The labels (or tags) in the order of the output; nil until they were read off the training file, and for tasks
    /// without labels.
    public var labels: [String]?
    /// Whether a text may have any number of labels, each decided for itself.
    public var multiLabel = false
    /// Whether the labels are ranks, in the order of ``labels``.
    public var ordinal = false
    /// What becomes of a head that comes with the model.
    public var headInit: HeadInitialization = .auto
    /// What is masked; of masked-language modeling only.
    public var masking: Masking?
    /// What vectors are trained for; of text embedding only.
    public var embedding: EmbeddingObjective?

    /// A task with its defaults; labels are those of the training file.
    public init(_ type: TaskKind = .textClassification) {
        self.type = type
        fillIn()
    }

    /// Reads `{"type", "head", "labels", "multi_label", "ordinal", "head_init", "masking", "embedding"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        type = try fields.optional("type")?.choice() ?? type
        if let head = fields.optional("head") { self.head = try HeadSpecification(head) }
        multiLabel = try fields.optional("multi_label")?.bool() ?? multiLabel
        ordinal = try fields.optional("ordinal")?.bool() ?? ordinal
        if let labels = fields.optional("labels") { self.labels = try Self.labels(labels, atLeast: multiLabel ? 1 : 2) }
        headInit = try fields.optional("head_init")?.choice() ?? headInit
        masking = try Recipe.part(fields.optional("masking"))
        embedding = try Recipe.part(fields.optional("embedding"))
        try fields.finish()
        fillIn()
    }

    private mutating func fillIn() {
        if type == .maskedLanguageModeling { masking = masking ?? Masking() }
        if type == .textEmbedding { embedding = embedding ?? EmbeddingObjective() }
    }

    private static func labels(_ cursor: JSONCursor, atLeast least: Int) throws(JSONFault) -> [String] {
        let elements = try cursor.elements()
        guard elements.count >= least else {
            throw cursor.fault("at least \(least) labels are needed, got \(elements.count)")
        }
        guard elements.count <= 10_000 else { throw cursor.fault("at most 10000 labels, got \(elements.count)") }
        var labels: [String] = []
        var seen: Set<String> = []
        for element in elements {
            let label = try element.string()
            guard !label.isEmpty else { throw element.fault("a label must not be empty") }
            guard seen.insert(label).inserted else { throw element.fault("the label \"\(label)\" stands twice") }
            labels.append(label)
        }
        return labels
    }

    /// The specification as JSON; parts of other tasks are null.
    public var json: JSONValue {
        [
            "type": .string(type.rawValue), "head": head.json,
            "labels": JSONValue(labels) { .array($0.map { .string($0) }) }, "multi_label": .bool(multiLabel),
            "ordinal": .bool(ordinal), "head_init": .string(headInit.rawValue), "masking": masking?.json ?? .null,
            "embedding": embedding?.json ?? .null,
        ]
    }
}
