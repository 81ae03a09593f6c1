public import JSON

/// How long the texts of a file are.
public struct LengthHistogram: Sendable, Hashable, JSONRepresentable {
    /// What lengths are counted in.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        /// The model's tokens, special tokens included.
        case tokens
        /// Words between white space.
        case words
    }

    /// The unit of the edges.
    public var unit: Unit
    /// Bucket `i` counts lengths from `edges[i]` up to, not including, `edges[i + 1]`; one more than `counts`.
    public var edges: [Int]
    /// Examples a bucket.
    public var counts: [Int]

    /// A histogram.
    public init(unit: Unit, edges: [Int], counts: [Int]) {
        self.unit = unit
        self.edges = edges
        self.counts = counts
    }

    /// Reads `{"unit", "edges", "counts"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        unit = try fields.required("unit").choice()
        edges = try Self.integers(fields.required("edges"))
        counts = try Self.integers(fields.required("counts"))
        try fields.finish()
    }

    private static func integers(_ cursor: JSONCursor) throws(JSONFault) -> [Int] {
        var integers: [Int] = []
        for element in try cursor.elements() { integers.append(try element.integer(in: 0...Int.max)) }
        return integers
    }

    /// The histogram as JSON.
    public var json: JSONValue {
        [
            "unit": .string(unit.rawValue), "edges": .array(edges.map { JSONValue($0) }),
            "counts": .array(counts.map { JSONValue($0) }),
        ]
    }
}
