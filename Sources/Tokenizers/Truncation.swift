/// Where texts that are too long are cut, or divided.
///
/// Source: `truncate_encodings` of the Python package `tokenizers`, strategy `longest_first`.
enum Truncation {
    /// How many tokens remain of one text.
    static func length(_ count: Int, limit: Int) -> Int { min(count, max(limit, 0)) }

    /// The pieces of a text, one behind another and together all of it; one at least.
    ///
    /// - Parameters:
    ///   - words: of each token, the word that it belongs to.
    ///   - limit: the most tokens of a piece, at least 1.
    static func pieces(of words: [Int32], limit: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        repeat {
            var end = min(start + limit, words.count)
            if end < words.count {
                // Back to the beginning of the word, unless it fills the piece.
                let word = words[start..<end].lastIndex { $0 != words[end] }
                end = word.map { $0 + 1 } ?? end
            }
            pieces.append(start..<end)
            start = end
        } while start < words.count
        return pieces
    }

    /// How many tokens remain of each text of a pair: the longer is cut down to the shorter, then both.
    static func lengths(_ first: Int, _ second: Int, limit: Int) -> (first: Int, second: Int) {
        let limit = max(limit, 0)
        guard first + second > limit else { return (first, second) }
        var short = min(first, second)
        var long = short > limit ? short : max(short, limit - short)
        if short + long > limit {
            short = limit / 2
            long = short + limit % 2
        }
        return first > second ? (long, short) : (short, long)
    }
}
