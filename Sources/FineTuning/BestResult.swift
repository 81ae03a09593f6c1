public import JSON

/// The best value of the selection metric so far.
public struct BestResult: Sendable, Hashable, JSONRepresentable {
    /// Which metric.
    public var metric: MetricName
    /// Its best value.
    public var value: Double
    /// The optimizer step at which it was reached.
    public var step: Int

    /// A best value.
    public init(metric: MetricName, value: Double, step: Int) {
        self.metric = metric
        self.value = value
        self.step = step
    }

    /// Reads `{"metric", "value", "step"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        metric = try fields.required("metric").choice()
        value = try fields.required("value").number()
        step = try fields.required("step").integer()
        try fields.finish()
    }

    /// The value as JSON.
    public var json: JSONValue {
        ["metric": .string(metric.rawValue), "value": JSONValue(value), "step": JSONValue(step)]
    }
}
