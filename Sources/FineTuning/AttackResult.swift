public import JSON

/// What an attack on the embeddings does to a model: projected gradient steps (PGD) with the recipe's settings.
public struct AttackResult: Sendable, Hashable, JSONRepresentable {
    /// What is measured: accuracy, or the task's own figure.
    public var metric: MetricName
    /// Its value without an attack.
    public var clean: Double
    /// Its value under the attack.
    public var attacked: Double

    /// A result.
    public init(metric: MetricName, clean: Double, attacked: Double) {
        self.metric = metric
        self.clean = clean
        self.attacked = attacked
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        metric = try fields.required("metric").choice()
        clean = try fields.required("clean").number()
        attacked = try fields.required("attacked").number()
        try fields.finish()
    }

    /// The result as JSON.
    public var json: JSONValue {
        ["metric": .string(metric.rawValue), "clean": JSONValue(clean), "attacked": JSONValue(attacked)]
    }
}
