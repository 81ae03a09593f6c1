public import JSON

/// When training ends before its last epoch: after `patience` evaluations without improvement.
public struct EarlyStopping: Sendable, Hashable, JSONRepresentable {
    /// What is watched; nil until the task's own is filled in.
    public var metric: MetricName?
    /// How many evaluations in a row may bring no improvement.
    public var patience = 3
    /// How much better a value must be to count as an improvement.
    public var minDelta = 0.0

    /// Reads `{"metric", "patience", "min_delta"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        metric = try fields.optional("metric")?.choice()
        patience = try fields.optional("patience")?.integer(in: 1...1000) ?? patience
        minDelta = try fields.optional("min_delta")?.number(in: 0...1000) ?? minDelta
        try fields.finish()
    }

    /// The rule as JSON.
    public var json: JSONValue {
        [
            "metric": JSONValue(metric) { .string($0.rawValue) }, "patience": JSONValue(patience),
            "min_delta": .number(minDelta),
        ]
    }
}
