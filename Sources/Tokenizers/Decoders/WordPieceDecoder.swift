internal import Foundation

/// Puts the pieces of words together, and spaces between words.
struct WordPieceDecoder: Sendable {
    /// What marks a piece that does not begin a word.
    var prefix = "##"
    /// Spaces before punctuation and in English contractions are taken out.
    var cleansUp = true

    /// The replacements of the clean-up, in their order.
    private static let replacements = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ]

    /// The tokens with their spaces.
    func decode(_ tokens: [String]) -> [String] {
        let prefix = prefix.utf8
        return tokens.enumerated().map { index, token in
            var text = token
            if index > 0 {
                text =
                    token.utf8.starts(with: prefix)
                    ? String(decoding: token.utf8.dropFirst(prefix.count), as: UTF8.self) : " " + token
            }
            guard cleansUp else { return text }
            for (found, replacement) in Self.replacements where text.utf8.count >= found.utf8.count {
                text = text.replacingOccurrences(of: found, with: replacement, options: .literal)
            }
            return text
        }
    }
}
