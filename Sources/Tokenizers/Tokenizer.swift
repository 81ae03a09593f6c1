/// A text's way to token numbers, as the Python package `tokenizers` goes it: added tokens, normalizer, pre-tokenizer,
/// model, truncation, post-processor.
///
/// Truncation and padding that `tokenizer.json` may hold are left aside, as `transformers` does: the job says how long a
/// text may be, and nothing is padded.
public struct Tokenizer: Sendable {
    let pipeline: Pipeline
    private let wordPreTokenizers: [PreTokenizer]
    private let rawTokens: AddedTokenMatcher
    private let normalizedTokens: AddedTokenMatcher
    private let specialTokens: Set<String>
    /// By token number, for the post-processor.
    private let spaces: [Int32: OffsetTrimming.Spaces]
    private let workspaces: WorkspacePool

    init(_ pipeline: Pipeline) {
        self.pipeline = pipeline
        workspaces = WorkspacePool()
        wordPreTokenizers = pipeline.wordPreTokenizers
        let added = pipeline.addedTokens
        specialTokens = Set(added.filter(\.isSpecial).map(\.content))
        rawTokens = AddedTokenMatcher(added.filter { !$0.isNormalized }.map { (Array($0.content.utf8), $0) })
        normalizedTokens = AddedTokenMatcher(
            added.filter(\.isNormalized).map { token in
                var content = token.content
                var text = NormalizedText()
                content.withUTF8 { text.assign($0, origin: 0) }
                pipeline.normalize(&text)
                return (text.bytes, token)
            })
        spaces = pipeline.postProcessor.trims.isEmpty ? [:] : pipeline.vocabulary.spaces
    }

    private var vocabulary: Vocabulary { pipeline.vocabulary }
    private var addedTokens: [AddedToken] { pipeline.addedTokens }

    /// Whether a token means something to the model, as `[CLS]` does.
    func isSpecial(_ token: String) -> Bool { specialTokens.contains(token) }

    /// The kind of model that cuts words into tokens: `WordPiece`, `BPE`, `Unigram` or `WordLevel`.
    public var modelType: String { pipeline.model.typeName }

    /// The number of tokens in the vocabulary, added ones included.
    public var vocabularySize: Int {
        vocabulary.count + addedTokens.count { vocabulary.token(of: $0.id) == nil }
    }

    /// The largest token number; a model's embedding must have more rows than that.
    public var largestID: Int32 {
        max(vocabulary.largestID, addedTokens.map(\.id).max() ?? -1, pipeline.postProcessor.largestID)
    }

    /// The number of a token, or nil.
    public func id(of token: String) -> Int32? {
        vocabulary.id(of: token) ?? addedTokens.first { $0.content == token }?.id
    }

    /// The token of a number, or nil.
    public func token(of id: Int32) -> String? {
        vocabulary.token(of: id) ?? addedTokens.first { $0.id == id }?.content
    }

    /// The number of special tokens that are added around a text, or a pair.
    public func addedTokenCount(isPair: Bool) -> Int { pipeline.postProcessor.addedCount(isPair: isPair) }

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

    /// Turns a text into tokens, a longer one into several pieces one behind another, each with its added tokens.
    ///
    /// Pieces end between words, but where a word alone is longer. Offsets and words count in the whole text.
    ///
    /// - Parameter maxLength: the most tokens of a piece, added ones included.
    /// - Returns: at least one piece; nothing is cut off.
    public func encodePieces(_ text: String, maxLength: Int) -> [Encoding] {
        var tokens = tokenize(text)
        trimOffsets(&tokens)
        let parts = pipeline.postProcessor.parts(isPair: false, addsSpecialTokens: true)
        let added = addedTokenCount(isPair: false)
        return Truncation.pieces(of: tokens.map(\.word), limit: max(1, maxLength - added)).map { piece in
            var encoding = Encoding()
            encoding.append(parts, Array(tokens[piece]), [], count: piece.count + added)
            return encoding
        }
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
        let parts = pipeline.postProcessor.parts(isPair: second != nil, addsSpecialTokens: addsSpecialTokens)
        let addedCount = addsSpecialTokens ? pipeline.postProcessor.addedCount(isPair: second != nil) : 0
        if let maxLength {
            let limit = max(maxLength, 0) - addedCount
            if let count = second?.count {
                let lengths = Truncation.lengths(first.count, count, limit: limit)
                first.removeLast(first.count - lengths.first)
                second?.removeLast(count - lengths.second)
            } else {
                first.removeLast(first.count - Truncation.length(first.count, limit: limit))
            }
        }
        trimOffsets(&first)
        if var trimmed = second {
            trimOffsets(&trimmed)
            second = trimmed
        }
        var encoding = Encoding()
        encoding.append(parts, first, second ?? [], count: first.count + (second?.count ?? 0) + addedCount)
        encoding.overflow = total - first.count - (second?.count ?? 0)
        return encoding
    }

    /// A token of a text, with the scalars it comes from.
    struct Token {
        let id: Int32
        var offsets: Range<Int>
        let word: Int32
    }

    private func trimOffsets(_ tokens: inout [Token]) {
        for trimming in pipeline.postProcessor.trims {
            for index in tokens.indices {
                guard let spaces = spaces[tokens[index].id] else { continue }
                tokens[index].offsets = trimming.trimmed(tokens[index].offsets, spaces, isFirst: index == 0)
            }
        }
    }

    /// The tokens of a text, before truncation and post-processor.
    private func tokenize(_ text: String) -> [Token] {
        workspaces.withWorkspace { work in
            var tokens: [Token] = []
            tokens.reserveCapacity(text.utf8.count / 3 + 4)
            var words: Int32 = 0
            tokenize(text, pipeline.preTokenizers, with: &work, into: &tokens) {
                defer { words += 1 }
                return words
            }
            return tokens
        }
    }

    /// The tokens of the words of a text, before truncation and post-processor.
    private func tokenize(_ words: [String]) -> [Token] {
        workspaces.withWorkspace { work in
            var tokens: [Token] = []
            for (number, word) in words.enumerated() {
                tokenize(word, wordPreTokenizers, with: &work, into: &tokens) { Int32(number) }
            }
            return tokens
        }
    }

    private func tokenize(
        _ text: String, _ preTokenizers: [PreTokenizer], with work: inout Workspace, into tokens: inout [Token],
        _ nextWord: () -> Int32
    ) {
        var text = text
        text.withUTF8 { bytes in
            var origin = 0
            rawTokens.forEachStretch(of: bytes) { stretch in
                let piece = UnsafeBufferPointer(rebasing: bytes[stretch.range])
                let count = UTF8Reader.count(piece)
                if let token = stretch.token {
                    tokens.append(Token(id: token.id, offsets: origin..<(origin + count), word: nextWord()))
                } else {
                    work.normalized.assign(piece, origin: origin)
                    pipeline.normalize(&work.normalized)
                    tokenizeNormalized(preTokenizers, with: &work, into: &tokens, nextWord)
                }
                origin += count
            }
        }
    }

    /// Cuts the workspace's normalized text.
    private func tokenizeNormalized(
        _ preTokenizers: [PreTokenizer], with work: inout Workspace, into tokens: inout [Token],
        _ nextWord: () -> Int32
    ) {
        let normalized = work.normalized
        normalized.bytes.withUnsafeBufferPointer { bytes in
            normalizedTokens.forEachStretch(of: bytes) { stretch in
                if let token = stretch.token {
                    tokens.append(Token(id: token.id, offsets: normalized.original(stretch.range), word: nextWord()))
                    return
                }
                work.preTokenized.assign(normalized, stretch.range)
                for preTokenizer in preTokenizers { preTokenizer.apply(to: &work.preTokenized) }
                appendPieces(with: &work, into: &tokens, nextWord)
            }
        }
    }

    /// Appends the tokens of the workspace's words.
    private func appendPieces(with work: inout Workspace, into tokens: inout [Token], _ nextWord: () -> Int32) {
        let text = work.preTokenized.text
        text.bytes.withUnsafeBufferPointer { bytes in
            for word in work.preTokenized.words {
                let number = nextWord()
                work.pieces.removeAll(keepingCapacity: true)
                work.cache.tokenize(bytes, word, into: &work.pieces) { pieces in
                    pipeline.model.tokenize(bytes, word, with: &work.merging, into: &pieces)
                }
                for piece in work.pieces {
                    tokens.append(Token(id: piece.id, offsets: text.original(piece.range), word: number))
                }
            }
        }
    }
}
