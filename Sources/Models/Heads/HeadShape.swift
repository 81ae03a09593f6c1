/// What a head has between the token vectors and its output; the default is the family's own form.
public struct HeadShape: Sendable, Hashable {
    /// How token vectors become one vector a sequence; means nothing in heads for tokens.
    public var pooling: SentencePooling
    /// Widths of tanh layers before the output; empty as in Transformers.
    public var hiddenSizes: [Int]

    /// A form; the defaults are those of Transformers.
    public init(pooling: SentencePooling = .cls, hiddenSizes: [Int] = []) {
        self.pooling = pooling
        self.hiddenSizes = hiddenSizes
    }

    /// Whether Transformers' classes have this form.
    public var isNative: Bool { self == HeadShape() }
}
