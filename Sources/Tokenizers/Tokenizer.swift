/// A text's way to token numbers, as the Python package `tokenizers` goes it: added tokens, normalizer, pre-tokenizer,
/// model, truncation, post-processor.
///
/// Truncation and padding that `tokenizer.json` may hold are left aside, as `transformers` does: the job says how long a
/// text may be, and nothing is padded.
public struct Tokenizer: Sendable {
    let vocabulary: Vocabulary
    let normalizer: BertNormalizer?
    let preTokenizer: BertPreTokenizer
    let model: WordPiece
    let postProcessor: PostProcessor
    private let rawTokens: AddedTokenMatcher
    private let normalizedTokens: AddedTokenMatcher
    private let addedTokens: [AddedToken]

    init(
        vocabulary: Vocabulary, addedTokens: [AddedToken], normalizer: BertNormalizer?,
        preTokenizer: BertPreTokenizer, model: WordPiece, postProcessor: PostProcessor
    ) {
        self.vocabulary = vocabulary
        self.normalizer = normalizer
        self.preTokenizer = preTokenizer
        self.model = model
        self.postProcessor = postProcessor
        self.addedTokens = addedTokens
        rawTokens = AddedTokenMatcher(
            addedTokens.filter { !$0.isNormalized }.map { (Array($0.content.utf8), $0) })
        normalizedTokens = AddedTokenMatcher(
            addedTokens.filter(\.isNormalized).map { token in
                var content = token.content
                guard let normalizer else { return (Array(content.utf8), token) }
                var normalized = NormalizedText()
                content.withUTF8 { normalizer.normalize($0, origin: 0, into: &normalized) }
                return (normalized.bytes, token)
            })
    }

    /// The number of tokens in the vocabulary, added ones included.
    public var vocabularySize: Int {
        vocabulary.count + addedTokens.count { vocabulary.token(of: $0.id) == nil }
    }

    /// The largest token number; a model's embedding must have more rows than that.
    public var largestID: Int32 { max(vocabulary.largestID, addedTokens.map(\.id).max() ?? -1) }

    /// The number of a token, or nil.
    public func id(of token: String) -> Int32? {
        vocabulary.id(of: token) ?? addedTokens.first { $0.content == token }?.id
    }

    /// The token of a number, or nil.
    public func token(of id: Int32) -> String? {
        vocabulary.token(of: id) ?? addedTokens.first { $0.id == id }?.content
    }

    /// The number of special tokens that are added around a text, or a pair.
    public func addedTokenCount(isPair: Bool) -> Int { postProcessor.addedCount(isPair: isPair) }

    /// Turns a text, or a pair of texts, into tokens.
    ///
    /// - Parameters:
    ///   - pair: the second text.
    ///   - addsSpecialTokens: whether the post-processor's tokens are added.
    ///   - maxLength: the most tokens, added ones included; of a pair the longer text is cut first.
    /// - Complexity: O(n) in the texts' bytes, times the length of the longest token.
    public func encode(
        _ text: String, pair: String? = nil, addsSpecialTokens: Bool = true, maxLength: Int? = nil
    ) -> Encoding {
        encode(tokenize(text), pair.map(tokenize), addsSpecialTokens: addsSpecialTokens, maxLength: maxLength)
    }

    /// Turns a text that is cut into words already, or a pair of such texts, into tokens: `is_split_into_words` of
    /// `transformers`.
    ///
    /// A token's ``Encoding/wordIDs`` is the place of its word among the given ones, its ``Encoding/offsets`` count in
    /// that word. A word may yield no token.
    ///
    /// - Parameters:
    ///   - pair: the words of the second text.
    ///   - addsSpecialTokens: whether the post-processor's tokens are added.
    ///   - maxLength: the most tokens, added ones included; of a pair the longer text is cut first.
    public func encode(
        words: [String], pair: [String]? = nil, addsSpecialTokens: Bool = true, maxLength: Int? = nil
    ) -> Encoding {
        encode(tokenize(words), pair.map(tokenize), addsSpecialTokens: addsSpecialTokens, maxLength: maxLength)
    }

    private func encode(
        _ first: [Token], _ second: [Token]?, addsSpecialTokens: Bool, maxLength: Int?
    ) -> Encoding {
        var first = first
        var second = second
        let total = first.count + (second?.count ?? 0)
        let processor = addsSpecialTokens ? postProcessor : .none
        if let maxLength {
            let limit = maxLength - processor.addedCount(isPair: second != nil)
            if let count = second?.count {
                let lengths = Truncation.lengths(first.count, count, limit: limit)
                first.removeLast(first.count - lengths.first)
                second?.removeLast(count - lengths.second)
            } else {
                first.removeLast(first.count - Truncation.length(first.count, limit: limit))
            }
        }
        var encoding = assemble(first, second, processor)
        encoding.overflow = total - first.count - (second?.count ?? 0)
        return encoding
    }

    /// A token of a text, with the scalars it comes from.
    struct Token {
        let id: Int32
        let offsets: Range<Int>
        var word: Int32
    }

    private func assemble(_ first: [Token], _ second: [Token]?, _ processor: PostProcessor) -> Encoding {
        var encoding = Encoding()
        let parts = second == nil ? processor.single : processor.pair
        let count = first.count + (second?.count ?? 0) + processor.addedCount(isPair: second != nil)
        encoding.ids.reserveCapacity(count)
        encoding.typeIDs.reserveCapacity(count)
        encoding.offsets.reserveCapacity(count)
        encoding.wordIDs.reserveCapacity(count)
        encoding.sequenceIDs.reserveCapacity(count)
        encoding.specialTokensMask.reserveCapacity(count)
        for part in parts {
            switch part {
            case .special(let ids, let typeID):
                for id in ids { encoding.append(Token(id: id, offsets: 0..<0, word: -1), typeID: typeID, sequence: -1) }
            case .first(let typeID):
                for token in first { encoding.append(token, typeID: typeID, sequence: 0) }
            case .second(let typeID):
                for token in second ?? [] { encoding.append(token, typeID: typeID, sequence: 1) }
            }
        }
        return encoding
    }

    /// The tokens of the words of a text, before truncation and post-processor.
    private func tokenize(_ words: [String]) -> [Token] {
        var tokens: [Token] = []
        for (number, word) in words.enumerated() {
            tokens += tokenize(word).map { Token(id: $0.id, offsets: $0.offsets, word: Int32(number)) }
        }
        return tokens
    }

    /// The tokens of a text, before truncation and post-processor.
    private func tokenize(_ text: String) -> [Token] {
        var text = text
        var tokens: [Token] = []
        text.withUTF8 { bytes in
            tokens.reserveCapacity(bytes.count / 3 + 4)
            var work = Workspace()
            var origin = 0
            rawTokens.forEachStretch(of: bytes) { stretch in
                let piece = UnsafeBufferPointer(rebasing: bytes[stretch.range])
                let count = UTF8Reader.count(piece)
                if let token = stretch.token {
                    tokens.append(Token(id: token.id, offsets: origin..<(origin + count), word: work.takeWord()))
                } else {
                    tokenize(piece, origin: origin, with: &work, into: &tokens)
                }
                origin += count
            }
        }
        return tokens
    }

    /// Buffers that are used again for each piece of a text.
    private struct Workspace {
        var normalized = NormalizedText()
        var pieces: [WordPiece.Piece] = []
        private var wordCount: Int32 = 0

        /// The number of the next word.
        mutating func takeWord() -> Int32 {
            defer { wordCount += 1 }
            return wordCount
        }
    }

    private func tokenize(
        _ piece: UnsafeBufferPointer<UInt8>, origin: Int, with work: inout Workspace, into tokens: inout [Token]
    ) {
        work.normalized.removeAll()
        if let normalizer {
            normalizer.normalize(piece, origin: origin, into: &work.normalized)
        } else {
            work.normalized.appendUnchanged(piece, origin: origin)
        }
        let normalized = work.normalized
        normalized.bytes.withUnsafeBufferPointer { bytes in
            normalizedTokens.forEachStretch(of: bytes) { stretch in
                if let token = stretch.token {
                    let offsets = normalized.original(stretch.range)
                    tokens.append(Token(id: token.id, offsets: offsets, word: work.takeWord()))
                    return
                }
                let start = stretch.range.lowerBound
                preTokenizer.forEachWord(of: UnsafeBufferPointer(rebasing: bytes[stretch.range])) { word in
                    work.pieces.removeAll(keepingCapacity: true)
                    let number = work.takeWord()
                    let range = (start + word.lowerBound)..<(start + word.upperBound)
                    model.tokenize(bytes, range, into: &work.pieces)
                    for piece in work.pieces {
                        tokens.append(Token(id: piece.id, offsets: normalized.original(piece.range), word: number))
                    }
                }
            }
        }
    }
}

extension Encoding {
    fileprivate mutating func append(_ token: Tokenizer.Token, typeID: Int32, sequence: Int32) {
        ids.append(token.id)
        typeIDs.append(typeID)
        offsets.append(token.offsets)
        wordIDs.append(token.word)
        sequenceIDs.append(sequence)
        specialTokensMask.append(sequence < 0)
    }
}
