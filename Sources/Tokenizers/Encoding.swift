/// A text, or a pair of texts, as tokens.
public struct Encoding: Sendable, Equatable {
    /// The tokens' places in the vocabulary.
    public var ids: [Int32] = []
    /// The segment of each token: 0, or 1 for the second text of a pair.
    public var typeIDs: [Int32] = []
    /// Where in its text, in Unicode scalars, each token comes from; 0..<0 for tokens that were added.
    public var offsets: [Range<Int>] = []
    /// The word that each token is a part of, counted in its text from 0; −1 for tokens that were added. A word is what
    /// the pre-tokenizer makes one, or one of the words that were given.
    public var wordIDs: [Int32] = []
    /// The text that each token comes from: 0, or 1 for the second of a pair; −1 for tokens that were added.
    public var sequenceIDs: [Int32] = []
    /// Whether the token was added around the text.
    public var specialTokensMask: [Bool] = []
    /// How many tokens were cut off to fit the length.
    public var overflow = 0

    /// The number of tokens.
    public var count: Int { ids.count }

    /// No tokens.
    public init() {}
}
