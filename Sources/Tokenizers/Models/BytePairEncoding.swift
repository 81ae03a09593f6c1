/// The byte-pair encoding model: a word's characters merge, pair by pair, in the order that training found.
///
/// Source: `BPE` of the Python package `tokenizers`; Sennrich et al. 2016.
struct BytePairEncoding: Sendable {
    /// What the model knows apart from its tokens.
    struct Options: Sendable {
        var unknownID: Int32?
        /// What stands before each character of a word but the first.
        var continuingPrefix: [UInt8] = []
        /// What stands behind the last character of a word.
        var endOfWordSuffix: [UInt8] = []
        /// Unknown characters in a row are one token.
        var fusesUnknown = false
        /// Unknown characters become the tokens `<0x00>` to `<0xFF>` of their bytes.
        var fallsBackToBytes = false
        /// A word that is a token is not cut.
        var ignoresMerges = false
    }

    private let trie: TokenTrie
    private let merges: MergeTable
    private let options: Options
    private let byteIDs: [Int32?]

    init(trie: TokenTrie, merges: MergeTable, options: Options) {
        self.trie = trie
        self.merges = merges
        self.options = options
        byteIDs = options.fallsBackToBytes ? ByteToken.identifiers(in: trie) : []
    }

    /// Appends the pieces of a word; characters that are not known, where nothing stands for such, are left out.
    ///
    /// - Complexity: O(n log n) in the word's bytes.
    func tokenize(
        _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, with merging: inout PairMerging,
        into pieces: inout [TokenModel.Piece]
    ) {
        if options.ignoresMerges, let id = trie.identifier(of: UnsafeBufferPointer(rebasing: bytes[word])) {
            pieces.append(TokenModel.Piece(id: id, range: word))
            return
        }
        merging.removeAll()
        appendSymbols(bytes, word, to: &merging)
        merging.mergeAll(merges)
        var start = word.lowerBound
        merging.forEach { id, length in
            pieces.append(TokenModel.Piece(id: id, range: start..<start + length))
            start += length
        }
    }

    private func appendSymbols(
        _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, to merging: inout PairMerging
    ) {
        var unknownLength = 0
        var position = word.lowerBound
        while position < word.upperBound {
            let size = UTF8Reader.scalar(in: bytes, at: position).size
            let scalar = position..<position + size
            let isFirst = position == word.lowerBound
            position += size
            let isLast = position == word.upperBound
            if let id = identifier(bytes, scalar, isFirst: isFirst, isLast: isLast) {
                if unknownLength > 0, let unknown = options.unknownID { merging.append(unknown, length: unknownLength) }
                unknownLength = 0
                merging.append(id, length: size)
            } else if let ids = fallback(bytes, scalar, isFirst: isFirst, isLast: isLast) {
                for id in ids { merging.append(id, length: 1) }
            } else if let unknown = options.unknownID {
                if unknownLength > 0, !options.fusesUnknown {
                    merging.append(unknown, length: unknownLength)
                    unknownLength = 0
                }
                unknownLength += size
            }
        }
        if unknownLength > 0, let unknown = options.unknownID { merging.append(unknown, length: unknownLength) }
    }

    @inline(__always)
    private func identifier(
        _ bytes: UnsafeBufferPointer<UInt8>, _ scalar: Range<Int>, isFirst: Bool, isLast: Bool
    ) -> Int32? {
        guard isFirst || options.continuingPrefix.isEmpty, !isLast || options.endOfWordSuffix.isEmpty else {
            return trie.identifier(of: spelling(bytes, scalar, isFirst: isFirst, isLast: isLast))
        }
        return trie.identifier(of: UnsafeBufferPointer(rebasing: bytes[scalar]))
    }

    /// A character with the marks of its place in the word.
    private func spelling(
        _ bytes: UnsafeBufferPointer<UInt8>, _ scalar: Range<Int>, isFirst: Bool, isLast: Bool
    ) -> [UInt8] {
        (isFirst ? [] : options.continuingPrefix) + bytes[scalar] + (isLast ? options.endOfWordSuffix : [])
    }

    /// The tokens of a character's bytes, or nil if one of them is missing.
    private func fallback(
        _ bytes: UnsafeBufferPointer<UInt8>, _ scalar: Range<Int>, isFirst: Bool, isLast: Bool
    ) -> [Int32]? {
        guard options.fallsBackToBytes else { return nil }
        return ByteToken.identifiers(of: spelling(bytes, scalar, isFirst: isFirst, isLast: isLast), among: byteIDs)
    }
}
