/// How token vectors become one vector a sequence.
public enum SentencePooling: String, Sendable, Hashable, CaseIterable {
    /// The first token's vector; in a head for classes through the family's own dense layer.
    case cls
    /// The mean of all tokens.
    case mean
    /// The maximum over all tokens, element by element.
    case max
}
