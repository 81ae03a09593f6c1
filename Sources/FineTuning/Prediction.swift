public import JSON

/// A model's answer to one text, by the kind of its task.
public enum Prediction: Sendable, Hashable, JSONRepresentable {
    /// One label out of several: the softmax of the logits.
    case label(LabelScores)
    /// Any number of labels: the sigmoid of each logit.
    case labels(LabelScores)
    /// A number.
    case score(Double)
    /// Entities, and tags where words were given.
    case tags(TaggedText)
    /// What may stand behind each mask, in the order of the text.
    case fills([MaskFill])
    /// A vector.
    case embedding(EmbeddingVector)

    private enum Kind: String, CaseIterable {
        case label, labels, score, tags, fills, embedding
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        let kind: Kind = try fields.required("kind").choice()
        let value = try fields.required("value")
        try fields.finish()
        self =
            switch kind {
            case .label: .label(try LabelScores(value))
            case .labels: .labels(try LabelScores(value))
            case .score: .score(try value.number())
            case .tags: .tags(try TaggedText(value))
            case .fills: .fills(try value.list())
            case .embedding: .embedding(try EmbeddingVector(value))
            }
    }

    /// The answer as JSON.
    public var json: JSONValue {
        let (kind, value): (Kind, JSONValue) =
            switch self {
            case .label(let scores): (.label, scores.json)
            case .labels(let scores): (.labels, scores.json)
            case .score(let score): (.score, JSONValue(score))
            case .tags(let text): (.tags, text.json)
            case .fills(let fills): (.fills, .array(fills.map(\.json)))
            case .embedding(let vector): (.embedding, vector.json)
            }
        return ["kind": .string(kind.rawValue), "value": value]
    }

    /// What a classifier put out; nil for other kinds of answers.
    public var scores: LabelScores? {
        switch self {
        case .label(let scores), .labels(let scores): scores
        case .score, .tags, .fills, .embedding: nil
        }
    }
}
