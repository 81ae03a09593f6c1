/// SentencePiece's handling of spaces: each becomes a visible sign that begins a word.
///
/// Source: `Metaspace` of the Python package `tokenizers`.
struct Metaspace: Sendable {
    /// Where the sign is put before a text that does not begin with it.
    enum PrependScheme: String, Sendable, CaseIterable {
        case always, first, never
    }

    /// The sign, in UTF-8.
    var replacement = Array("\u{2581}".utf8)
    var prependScheme = PrependScheme.always
    /// Whether words are cut at the signs.
    var splits = true

    /// Rewrites and cuts the words of a text.
    func apply(to text: inout PreTokenizedText) {
        text.rewrite { old, word, output in
            if prepends(to: old, word) {
                for byte in replacement { output.append(byte: byte, origin: old.origins[word.lowerBound]) }
            }
            for index in word {
                let byte = old.bytes[index]
                if byte == 0x20 {
                    for byte in replacement { output.append(byte: byte, origin: old.origins[index]) }
                } else {
                    output.append(byte: byte, origin: old.origins[index])
                }
            }
        }
        guard splits else { return }
        let sign = TextPattern.string(replacement)
        text.split { bytes, word, piece in
            SplitBehavior.mergedWithNext.cut(word, at: sign.matches(in: bytes, word), isInverted: false, piece)
        }
    }

    private func prepends(to text: NormalizedText, _ word: Range<Int>) -> Bool {
        if text.bytes[word.lowerBound] == 0x20 || text.bytes[word].starts(with: replacement) { return false }
        switch prependScheme {
        case .always: return true
        case .first: return text.origins[word.lowerBound].start == 0
        case .never: return false
        }
    }
}
