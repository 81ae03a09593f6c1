public import JSON

/// A classifier's answer to one text.
public struct Prediction: Sendable, Hashable, JSONRepresentable {
    /// The labels in the order of the model's output.
    public var labels: [String]
    /// The model's output before the softmax: `(labels)`.
    public var logits: [Float]

    /// An answer.
    public init(labels: [String], logits: [Float]) {
        self.labels = labels
        self.logits = logits
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        labels = []
        for label in try fields.required("labels").elements() { labels.append(try label.string()) }
        logits = []
        let values = try fields.required("logits")
        for logit in try values.elements() { logits.append(Float(try logit.number())) }
        guard logits.count == labels.count, !logits.isEmpty else {
            throw values.fault("expected \(labels.count) numbers, got \(logits.count)")
        }
        try fields.finish()
    }

    /// The answer as JSON.
    public var json: JSONValue {
        ["labels": .array(labels.map { .string($0) }), "logits": .array(logits.map { JSONValue($0) })]
    }
}
