internal import Tokenizers

/// Makes tokens of rows.
struct RowEncoder: Sendable {
    /// Nil only counts words.
    let tokenizer: Tokenizer?
    /// Longer sequences are cut to this many tokens, or divided.
    let maxLength: Int
    /// Whether a long text is divided into several examples, so that nothing of it is lost.
    let dividesTexts: Bool

    /// A row with its tokens.
    struct EncodedRow: Sendable {
        let row: Row
        let key: RowKey
        /// The length before it was cut, in tokens; of several sequences, the longest; in words without a tokenizer.
        var length: Int
        /// The sequences of each example that the row gives, most often one; empty without a tokenizer.
        var examples: [Example] = []
    }

    /// The sequences of an example, and the beginning of their text.
    struct Example: Sendable {
        let sequences: [TokenSequence]
        let snippet: String
    }

    /// - Throws: the fault of a row in which the tokenizer finds nothing.
    func encode(_ row: Row) throws(RowFault) -> EncodedRow {
        guard let tokenizer else { return EncodedRow(row: row, key: RowKey(row.content), length: row.wordCount) }
        let encodings =
            switch row.content {
            case .text(let text, nil) where dividesTexts: tokenizer.encodePieces(text, maxLength: maxLength)
            case .text(let text, let pair): [tokenizer.encode(text, pair: pair, maxLength: maxLength)]
            case .words(let words): [tokenizer.encode(words: words, maxLength: maxLength)]
            case .apart(let texts): texts.map { tokenizer.encode($0, maxLength: maxLength) }
            }
        guard encodings.allSatisfy({ $0.count > 0 }) else {
            throw RowFault(
                line: row.line, reason: "the model's tokenizer finds no token in the text",
                fix: "remove the row, or take a model whose tokenizer knows its characters")
        }
        var encoded = EncodedRow(row: row, key: RowKey(row.content), length: 0)
        if dividesTexts {
            let added = tokenizer.addedTokenCount(isPair: false)
            encoded.length = encodings.reduce(added) { $0 + $1.count - added }
            encoded.examples = Self.examples(encodings, of: row.texts[0])
        } else {
            encoded.length = encodings.map { $0.count + $0.overflow }.max() ?? 0
            let snippet = row.texts.map { $0.prefix(ExampleWriter.snippetLength) }.joined(separator: " · ")
            encoded.examples = [Example(sequences: encodings.map(TokenSequence.init), snippet: snippet)]
        }
        return encoded
    }

    /// The examples of a text's pieces, each shown from where it begins.
    private static func examples(_ pieces: [Encoding], of text: String) -> [Example] {
        var start = text.startIndex
        var position = 0
        return pieces.map { piece in
            if let token = piece.sequenceIDs.firstIndex(of: 0) {
                let first = max(position, piece.offsets[token].lowerBound)
                start = text.unicodeScalars.index(start, offsetBy: first - position)
                position = first
            }
            let snippet = String(text[start...].prefix(ExampleWriter.snippetLength))
            return Example(sequences: [TokenSequence(piece)], snippet: snippet)
        }
    }
}
