/// A text, or a pair of texts, as tokens.
public struct Encoding: Sendable, Equatable {
    /// The tokens' places in the vocabulary.
    public var ids: [Int32] = []
    /// The segment of each token: 0, or 1 for the second text of a pair.
    public var typeIDs: [Int32] = []
    /// Where in its text, in Unicode scalars, each token comes from; 0..<0 for tokens that were added.
    public var offsets: [Range<Int>] = []
    /// Whether the token was added around the text.
    public var specialTokensMask: [Bool] = []
    /// How many tokens were cut off to fit the length.
    public var overflow = 0

    /// The number of tokens.
    public var count: Int { ids.count }

    /// No tokens.
    public init() {}
}
