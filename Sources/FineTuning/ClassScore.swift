public import JSON

/// How well one label, or one kind of entity, is found.
public struct ClassScore: Sendable, Hashable, JSONRepresentable {
    /// The label, or the kind of entity.
    public var label: String
    /// The share of its answers that were right.
    public var precision: Double
    /// The share of its examples that were found.
    public var recall: Double
    /// The harmonic mean of both.
    public var f1: Double
    /// Its examples.
    public var support: Int

    /// A row of a table of scores.
    public init(label: String, precision: Double, recall: Double, f1: Double, support: Int) {
        self.label = label
        self.precision = precision
        self.recall = recall
        self.f1 = f1
        self.support = support
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        label = try fields.required("label").string()
        precision = try fields.required("precision").number()
        recall = try fields.required("recall").number()
        f1 = try fields.required("f1").number()
        support = try fields.required("support").integer(in: 0...Int.max)
        try fields.finish()
    }

    /// The row as JSON.
    public var json: JSONValue {
        [
            "label": .string(label), "precision": JSONValue(precision), "recall": JSONValue(recall),
            "f1": JSONValue(f1), "support": JSONValue(support),
        ]
    }
}
