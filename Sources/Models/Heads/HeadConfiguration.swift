/// The head on top of an encoder.
public enum HeadConfiguration: Sendable, Hashable {
    /// So many numbers a sequence: (B × outputs). Classes, or scores.
    case sequence(outputs: Int, shape: HeadShape = HeadShape())
    /// So many numbers a token: (T × outputs).
    case token(outputs: Int, hiddenSizes: [Int] = [])
    /// Logits over the vocabulary for each token: (T × V). The decoder's weight is that of the token embeddings.
    case maskedLanguageModel
    /// One vector a sequence: (B × H), of length 1 where it normalizes. Has no parameters.
    case embedding(pooling: SentencePooling, normalizes: Bool)

    /// Whether what enters the head is one vector a sequence, not one a token.
    public var isPooled: Bool {
        switch self {
        case .sequence, .embedding: true
        case .token, .maskedLanguageModel: false
        }
    }

    /// Widths of tanh layers before the output.
    var hiddenSizes: [Int] {
        switch self {
        case .sequence(_, let shape): shape.hiddenSizes
        case .token(_, let sizes): sizes
        case .maskedLanguageModel, .embedding: []
        }
    }

    /// How what enters the head is pooled; nil for heads for tokens.
    public var pooling: SentencePooling? {
        switch self {
        case .sequence(_, let shape): shape.pooling
        case .embedding(let pooling, _): pooling
        case .token, .maskedLanguageModel: nil
        }
    }
}
