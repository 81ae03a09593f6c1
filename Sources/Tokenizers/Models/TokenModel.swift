/// The stage that turns a word into tokens.
///
/// Source: `models` of the Python package `tokenizers`.
enum TokenModel: Sendable {
    case wordPiece(WordPiece)
    case bytePairEncoding(BytePairEncoding)
    case unigram(Unigram)
    case wordLevel(WordLevel)

    /// The kind, as `model.type` of `tokenizer.json` names it.
    var typeName: String {
        switch self {
        case .wordPiece: "WordPiece"
        case .bytePairEncoding: "BPE"
        case .unigram: "Unigram"
        case .wordLevel: "WordLevel"
        }
    }

    /// A part of a word: its token and its bytes.
    struct Piece: Sendable {
        let id: Int32
        let range: Range<Int>
    }

    /// Appends the pieces of a word.
    ///
    /// - Parameter word: a range, not empty, of `bytes`.
    func tokenize(
        _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, with merging: inout PairMerging,
        into pieces: inout [Piece]
    ) {
        switch self {
        case .wordPiece(let model): model.tokenize(bytes, word, into: &pieces)
        case .bytePairEncoding(let model): model.tokenize(bytes, word, with: &merging, into: &pieces)
        case .unigram(let model): model.tokenize(bytes, word, into: &pieces)
        case .wordLevel(let model): model.tokenize(bytes, word, into: &pieces)
        }
    }
}
