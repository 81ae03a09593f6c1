public import JSON

/// How often something happens in training: `"epoch"` or `{"steps": N}`.
public enum Interval: Sendable, Hashable, JSONRepresentable {
    /// At the end of every epoch.
    case epoch
    /// Every N optimizer steps, and at the end.
    case steps(Int)

    /// Reads `"epoch"` or `{"steps": N}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        if cursor.value == "epoch" {
            self = .epoch
            return
        }
        guard cursor.value.object != nil else { throw cursor.fault("expected \"epoch\" or {\"steps\": N}") }
        var fields = try cursor.fields()
        self = .steps(try fields.required("steps").integer(in: 1...1_000_000_000))
        try fields.finish()
    }

    /// The interval as JSON.
    public var json: JSONValue {
        switch self {
        case .epoch: "epoch"
        case .steps(let count): ["steps": JSONValue(count)]
        }
    }
}
