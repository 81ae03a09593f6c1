public import JSON

/// How the numbers that a file's rows have are spread.
public struct ScoreHistogram: Sendable, Hashable, JSONRepresentable {
    /// Bucket `i` counts scores from `edges[i]` up to, not including, `edges[i + 1]`, the last one its end too; one more
    /// than `counts`.
    public var edges: [Double]
    /// Rows a bucket.
    public var counts: [Int]

    /// A histogram.
    public init(edges: [Double], counts: [Int]) {
        self.edges = edges
        self.counts = counts
    }

    /// Reads `{"edges", "counts"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        var edges: [Double] = []
        for element in try fields.required("edges").elements() { edges.append(try element.number()) }
        var counts: [Int] = []
        for element in try fields.required("counts").elements() { counts.append(try element.integer(in: 0...Int.max)) }
        try fields.finish()
        self.init(edges: edges, counts: counts)
    }

    /// The histogram as JSON.
    public var json: JSONValue {
        ["edges": .array(edges.map { JSONValue($0) }), "counts": .array(counts.map { JSONValue($0) })]
    }
}
