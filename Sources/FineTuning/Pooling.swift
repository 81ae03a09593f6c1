/// How the hidden states of a sequence become one vector.
public enum Pooling: String, Sendable, Hashable, CaseIterable {
    /// What the model's family uses for sequence classification: for BERT, `cls`.
    case auto
    /// The first token's state, through the family's pooler where it has one.
    case cls
    /// The mean over all tokens.
    case mean
    /// The maximum over all tokens.
    case max
}
