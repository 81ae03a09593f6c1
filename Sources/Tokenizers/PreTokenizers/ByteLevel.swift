/// GPT-2's pre-tokenizer: words with the space before them, written in 256 letters that stand for bytes.
///
/// Source: `ByteLevel` of the Python package `tokenizers`; Radford et al. 2019.
struct ByteLevel: Sendable {
    /// A word that does not begin with a space gets one.
    var addsPrefixSpace = true
    /// Words are cut by GPT-2's pattern.
    var usesPattern = true

    /// Cuts and rewrites the words of a text.
    func apply(to text: inout PreTokenizedText) {
        if addsPrefixSpace, text.words.contains(where: { text.text.bytes[$0.lowerBound] != 0x20 }) {
            text.rewrite { old, word, output in
                if old.bytes[word.lowerBound] != 0x20 {
                    output.append(byte: 0x20, origin: old.origins[word.lowerBound])
                }
                output.append(old, word)
            }
        }
        if usesPattern { text.split(ByteLevelWords.cut) }
        text.rewrite(ByteAlphabet.append)
    }
}
