/// A text with masks, and what stood in their places.
public struct MaskedSequence: Sendable, Hashable {
    /// The tokens that the model sees.
    public var sequence: TokenSequence
    /// The places of the tokens that are to be foretold, ascending, (R); at least one where the text has any token.
    public var places: [Int]
    /// The tokens that stood there, (R).
    public var truths: [Int32]
}
