public import JSON

/// What a tagger found in a text.
public struct TaggedText: Sendable, Hashable, JSONRepresentable {
    /// A part of the text that is one entity.
    public struct Span: Sendable, Hashable, JSONRepresentable {
        /// The kind of entity.
        public var type: String
        /// Where it begins: characters (Unicode scalars) of a text, words of a list of words; from 0.
        public var start: Int
        /// Where it ends, exclusively.
        public var end: Int
        /// The words.
        public var text: String
        /// The mean probability of its words' tags.
        public var score: Double

        /// A span.
        public init(type: String, start: Int, end: Int, text: String, score: Double) {
            self.type = type
            self.start = start
            self.end = end
            self.text = text
            self.score = score
        }

        /// Reads what ``json`` wrote.
        public init(_ cursor: JSONCursor) throws(JSONFault) {
            var fields = try cursor.fields()
            type = try fields.required("type").string()
            start = try fields.required("start").integer(in: 0...Int.max)
            end = try fields.required("end").integer(in: start...Int.max)
            text = try fields.required("text").string()
            score = try fields.required("score").number()
            try fields.finish()
        }

        /// The span as JSON.
        public var json: JSONValue {
            [
                "type": .string(type), "start": JSONValue(start), "end": JSONValue(end), "text": .string(text),
                "score": JSONValue(score),
            ]
        }
    }

    /// The entities in the order of the text.
    public var entities: [Span]
    /// A tag a word, where the text was given as a list of words.
    public var tags: [String]?

    /// What was found.
    public init(entities: [Span], tags: [String]? = nil) {
        self.entities = entities
        self.tags = tags
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        entities = try fields.required("entities").list()
        tags = try fields.optional("tags")?.strings()
        try fields.finish()
    }

    /// What was found, as JSON.
    public var json: JSONValue {
        [
            "entities": .array(entities.map(\.json)),
            "tags": JSONValue(tags) { .array($0.map { .string($0) }) },
        ]
    }
}
