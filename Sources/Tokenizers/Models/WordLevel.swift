/// The model whose tokens are whole words.
///
/// Source: `WordLevel` of the Python package `tokenizers`.
struct WordLevel: Sendable {
    let trie: TokenTrie
    let unknownID: Int32

    /// Appends the token of a word.
    func tokenize(_ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, into pieces: inout [TokenModel.Piece]) {
        let id = trie.identifier(of: UnsafeBufferPointer(rebasing: bytes[word])) ?? unknownID
        pieces.append(TokenModel.Piece(id: id, range: word))
    }
}
