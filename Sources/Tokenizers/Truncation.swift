/// Where texts that are too long are cut.
///
/// Source: `truncate_encodings` of the Python package `tokenizers`, strategy `longest_first`.
enum Truncation {
    /// How many tokens remain of one text.
    static func length(_ count: Int, limit: Int) -> Int { min(count, max(limit, 0)) }

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
