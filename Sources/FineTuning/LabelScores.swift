public import JSON

/// What a classifier puts out for a text.
public struct LabelScores: Sendable, Hashable, JSONRepresentable {
    /// The labels in the order of the model's output.
    public var labels: [String]
    /// The model's output before the softmax, or before each label's sigmoid: `(labels)`.
    public var logits: [Float]

    /// An output.
    public init(labels: [String], logits: [Float]) {
        self.labels = labels
        self.logits = logits
    }

    /// Reads `{"labels", "logits"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        labels = try fields.required("labels").strings()
        let values = try fields.required("logits")
        logits = try values.floats()
        guard logits.count == labels.count, !logits.isEmpty else {
            throw values.fault("expected \(labels.count) numbers, got \(logits.count)")
        }
        try fields.finish()
    }

    /// The output as JSON.
    public var json: JSONValue {
        ["labels": .array(labels.map { .string($0) }), "logits": .array(logits.map { JSONValue($0) })]
    }
}
