public import JSON

/// How many examples of a file have a label.
public struct LabelCount: Sendable, Hashable, JSONRepresentable {
    /// The label.
    public var label: String
    /// Its examples.
    public var count: Int

    /// A count.
    public init(label: String, count: Int) {
        self.label = label
        self.count = count
    }

    /// Reads `{"label", "count"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        label = try fields.required("label").string()
        count = try fields.required("count").integer(in: 0...Int.max)
        try fields.finish()
    }

    /// The count as JSON.
    public var json: JSONValue { ["label": .string(label), "count": JSONValue(count)] }
}
