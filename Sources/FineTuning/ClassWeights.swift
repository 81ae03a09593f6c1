public import JSON

/// How much the examples of each label count in the loss.
public enum ClassWeights: Sendable, Hashable, JSONRepresentable {
    /// All the same.
    case none
    /// In inverse proportion to their number, with mean 1 over the examples (scikit-learn's `"balanced"`).
    case balanced
    /// As given; labels that are not named count 1.
    case weights([String: Double])

    /// Reads `"none"`, `"balanced"` or `{label: weight}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        switch cursor.value {
        case .string("none"): self = .none
        case .string("balanced"): self = .balanced
        case .object(let object):
            var weights: [String: Double] = [:]
            for (name, value) in object.members.map({ ($0.name, $0.value) }) {
                weights[name] = try JSONCursor(value, path: "\(cursor.path).\(name.prefix(60))").number(in: 1e-3...1e3)
            }
            guard !weights.isEmpty else { throw cursor.fault("name at least one label, or write \"none\"") }
            self = .weights(weights)
        default: throw cursor.fault("expected \"none\", \"balanced\" or an object of weights by label")
        }
    }

    /// The weights as JSON.
    public var json: JSONValue {
        switch self {
        case .none: "none"
        case .balanced: "balanced"
        case .weights(let weights):
            .object(JSONObject(weights.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.number($0.value)) }))
        }
    }
}
