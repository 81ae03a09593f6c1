public import Tokenizers

/// The tokens of a text, or of a pair of texts, with the words that they are pieces of.
public struct TokenSequence: Sendable, Hashable {
    /// The tokens' places in the vocabulary, (T).
    public var ids: [Int32]
    /// The segment of each token, (T): 0, or 1 for the second text of a pair.
    public var types: [Int32]
    /// The number of the word that each token is a piece of, (T), rising from 0; the second text of a pair counts on.
    /// -1 for tokens that were added around the texts.
    public var words: [Int32]
    /// The tag of each token, (T), of tagged words, else empty: the first piece of a word has the word's tag, the other
    /// pieces and added tokens have ``ignored``.
    public var tags: [Int32]
    /// The place of each token in the text, (T), where tokens between were dropped; nil for 0, 1, 2 …
    public var positions: [Int32]?

    /// The tag of tokens that nothing is learnt from.
    public static let ignored: Int32 = -1

    /// A sequence.
    ///
    /// - Parameters:
    ///   - types: empty for all 0.
    ///   - words: empty for one word a token, without added tokens.
    public init(ids: [Int32], types: [Int32] = [], words: [Int32] = [], tags: [Int32] = [], positions: [Int32]? = nil) {
        precondition(types.isEmpty || types.count == ids.count, "each token has one type")
        precondition(words.isEmpty || words.count == ids.count, "each token has one word")
        precondition(tags.isEmpty || tags.count == ids.count, "each token has one tag")
        self.ids = ids
        self.types = types.isEmpty ? [Int32](repeating: 0, count: ids.count) : types
        self.words = words.isEmpty ? (0..<Int32(ids.count)).map { $0 } : words
        self.tags = tags
        self.positions = positions
    }

    /// The tokens that a tokenizer gave.
    public init(_ encoding: Encoding) {
        var words = encoding.wordIDs
        // The tokenizer counts the words of the second text of a pair from 0 again.
        let second = 1 + (zip(words, encoding.sequenceIDs).lazy.filter { $0.1 == 0 }.map(\.0).max() ?? -1)
        for token in words.indices where encoding.sequenceIDs[token] == 1 { words[token] += second }
        self.init(ids: encoding.ids, types: encoding.typeIDs, words: words)
    }

    /// The number of tokens, T.
    public var count: Int { ids.count }

    /// Whether a token was added around the texts.
    public func isAdded(_ token: Int) -> Bool { words[token] < 0 }

    /// The places of each word's tokens, in the order of the text; words of which nothing is there are left out.
    public var wordRanges: [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, words[end] == words[start] { end += 1 }
            if words[start] >= 0 { ranges.append(start..<end) }
            start = end
        }
        return ranges
    }
}
