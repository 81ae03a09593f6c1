public import JSON

/// True numbers and a model's answers to them, for some of the held-back examples: what a scatter plot shows.
public struct ScoreSample: Sendable, Hashable, JSONRepresentable {
    /// How many points a sample has at most.
    public static let limit = 256

    /// (points), ascending.
    public let truth: [Float]
    /// (points)
    public let answers: [Float]

    /// All of some answers, or where there are more than ``limit``, as many spread evenly over the ranks of the true
    /// numbers, so that the lowest, the highest and everything between is seen.
    ///
    /// - Parameters:
    ///   - answers: (N)
    ///   - truth: (N)
    public init(answers: [Float], truth: [Float]) {
        precondition(answers.count == truth.count, "one truth an answer")
        let order = truth.indices.sorted { (truth[$0], $0) < (truth[$1], $1) }
        let count = min(order.count, Self.limit)
        let places = (0..<count).map { order[count > 1 ? $0 * (order.count - 1) / (count - 1) : 0] }
        self.truth = places.map { truth[$0] }
        self.answers = places.map { answers[$0] }
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        truth = try fields.required("truth").floats()
        let answers = try fields.required("answers")
        self.answers = try answers.floats()
        guard self.answers.count == truth.count else {
            throw answers.fault("expected \(truth.count) numbers, one for each of truth")
        }
        try fields.finish()
    }

    /// The sample as JSON.
    public var json: JSONValue {
        ["truth": .array(truth.map { JSONValue($0) }), "answers": .array(answers.map { JSONValue($0) })]
    }
}
