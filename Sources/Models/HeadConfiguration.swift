/// How token vectors become one vector a sequence.
public enum ClassifierPooling: String, Sendable, Hashable, CaseIterable {
    /// The first token through a dense layer and tanh, as `BertPooler` does.
    case cls
    /// The mean of all tokens.
    case mean
    /// The maximum over all tokens, element by element.
    case max
}

/// The classification head on top of an encoder.
public struct HeadConfiguration: Sendable, Hashable {
    /// How token vectors become one vector a sequence.
    public var pooling: ClassifierPooling
    /// Widths of tanh layers between pooling and classifier; empty as in Transformers.
    public var hiddenSizes: [Int]

    /// A head; the defaults are those of `BertForSequenceClassification`.
    public init(pooling: ClassifierPooling = .cls, hiddenSizes: [Int] = []) {
        self.pooling = pooling
        self.hiddenSizes = hiddenSizes
    }
}
