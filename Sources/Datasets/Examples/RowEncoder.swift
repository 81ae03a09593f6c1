internal import Tokenizers

/// Makes tokens of rows.
struct RowEncoder: Sendable {
    /// Nil only counts words.
    let tokenizer: Tokenizer?
    /// Longer sequences are cut to this many tokens.
    let maxLength: Int

    /// A row with its tokens.
    struct EncodedRow: Sendable {
        let row: Row
        let key: RowKey
        /// The length before it was cut, in tokens; of several sequences, the longest; in words without a tokenizer.
        var length: Int
        /// Empty without a tokenizer.
        var sequences: [TokenSequence] = []
    }

    /// - Throws: the fault of a row in which the tokenizer finds nothing.
    func encode(_ row: Row) throws(RowFault) -> EncodedRow {
        guard let tokenizer else { return EncodedRow(row: row, key: RowKey(row.content), length: row.wordCount) }
        let encodings =
            switch row.content {
            case .text(let text, let pair): [tokenizer.encode(text, pair: pair, maxLength: maxLength)]
            case .words(let words): [tokenizer.encode(words: words, maxLength: maxLength)]
            case .apart(let texts): texts.map { tokenizer.encode($0, maxLength: maxLength) }
            }
        guard encodings.allSatisfy({ $0.count > 0 }) else {
            throw RowFault(
                line: row.line, reason: "the model's tokenizer finds no token in the text",
                fix: "remove the row, or take a model whose tokenizer knows its characters")
        }
        return EncodedRow(
            row: row, key: RowKey(row.content), length: encodings.map { $0.count + $0.overflow }.max() ?? 0,
            sequences: encodings.map(TokenSequence.init))
    }
}
