/// The WordPiece model: a word is cut, from the left, into the longest pieces that the vocabulary has.
///
/// Source: `WordPiece` of the Python package `tokenizers`; Schuster & Nakajima 2012, Devlin et al. 2018.
struct WordPiece: Sendable {
    private let trie: TokenTrie
    /// The node behind the prefix of continuing pieces, or nil where no token begins with it.
    private let continuation: UInt32?
    private let unknownID: Int32
    private let maxInputScalarsPerWord: Int

    /// A model over the tokens of a trie.
    ///
    /// - Parameters:
    ///   - prefix: what marks a piece that does not begin a word, `##`.
    ///   - maxInputScalarsPerWord: longer words are unknown.
    init(trie: TokenTrie, prefix: String, unknownID: Int32, maxInputScalarsPerWord: Int) {
        self.trie = trie
        continuation = trie.node(behind: prefix.utf8)
        self.unknownID = unknownID
        self.maxInputScalarsPerWord = maxInputScalarsPerWord
    }

    /// Appends the pieces of a word; a word that cannot be cut, or is too long, is one unknown token.
    ///
    /// - Parameter word: a range, not empty, of `bytes`.
    /// - Complexity: O(n · m) in the word's bytes (bounded) and the longest token's.
    func tokenize(_ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, into pieces: inout [TokenModel.Piece]) {
        let before = pieces.count
        if word.count > maxInputScalarsPerWord,
            UTF8Reader.count(UnsafeBufferPointer(rebasing: bytes[word])) > maxInputScalarsPerWord
        {
            pieces.append(TokenModel.Piece(id: unknownID, range: word))
            return
        }
        var start = word.lowerBound
        while start < word.upperBound {
            guard let piece = longestPiece(bytes, start..<word.upperBound, continues: start > word.lowerBound) else {
                pieces.removeSubrange(before...)
                pieces.append(TokenModel.Piece(id: unknownID, range: word))
                return
            }
            pieces.append(piece)
            start = piece.range.upperBound
        }
    }

    private func longestPiece(
        _ bytes: UnsafeBufferPointer<UInt8>, _ rest: Range<Int>, continues: Bool
    ) -> TokenModel.Piece? {
        guard var node = continues ? continuation : TokenTrie.root else { return nil }
        var longest: TokenModel.Piece?
        var position = rest.lowerBound
        while position < rest.upperBound, let next = trie.child(of: node, bytes[position]) {
            node = next
            position += 1
            if let id = trie.identifier(at: node) {
                longest = TokenModel.Piece(id: id, range: rest.lowerBound..<position)
            }
        }
        return longest
    }
}
