public import JSON

/// What may stand behind one mask of a text.
public struct MaskFill: Sendable, Hashable, JSONRepresentable {
    /// A token that may stand there.
    public struct Candidate: Sendable, Hashable, JSONRepresentable {
        /// The token as text.
        public var token: String
        /// Its probability.
        public var score: Double

        /// A candidate.
        public init(token: String, score: Double) {
            self.token = token
            self.score = score
        }

        /// Reads what ``json`` wrote.
        public init(_ cursor: JSONCursor) throws(JSONFault) {
            var fields = try cursor.fields()
            token = try fields.required("token").string()
            score = try fields.required("score").number()
            try fields.finish()
        }

        /// The candidate as JSON.
        public var json: JSONValue { ["token": .string(token), "score": JSONValue(score)] }
    }

    /// The candidates, most probable first.
    public var candidates: [Candidate]

    /// A fill.
    public init(candidates: [Candidate]) { self.candidates = candidates }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        candidates = try fields.required("candidates").list()
        try fields.finish()
    }

    /// The fill as JSON.
    public var json: JSONValue { ["candidates": .array(candidates.map(\.json))] }
}
