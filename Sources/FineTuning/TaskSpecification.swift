public import JSON

/// The new task layer: what the model shall learn to put out.
public struct TaskSpecification: Sendable, Hashable, JSONRepresentable {
    /// The kind of task.
    public var type: TaskKind = .textClassification
    /// The layers before the output.
    public var head = HeadSpecification()
    /// The labels in the order of the output; nil until they were read off the training file.
    public var labels: [String]?
    /// What becomes of a head that comes with the model.
    public var headInit: HeadInitialization = .auto

    /// Text classification with the labels of the training file.
    public init() {}

    /// Reads `{"type", "head", "labels", "head_init"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        type = try fields.optional("type")?.choice() ?? type
        if let head = fields.optional("head") { self.head = try HeadSpecification(head) }
        if let labels = fields.optional("labels") { self.labels = try Self.labels(labels) }
        headInit = try fields.optional("head_init")?.choice() ?? headInit
        try fields.finish()
    }

    private static func labels(_ cursor: JSONCursor) throws(JSONFault) -> [String] {
        let elements = try cursor.elements()
        guard elements.count >= 2 else { throw cursor.fault("at least 2 labels are needed, got \(elements.count)") }
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

    /// The specification as JSON.
    public var json: JSONValue {
        [
            "type": .string(type.rawValue), "head": head.json,
            "labels": JSONValue(labels) { .array($0.map { .string($0) }) }, "head_init": .string(headInit.rawValue),
        ]
    }
}
