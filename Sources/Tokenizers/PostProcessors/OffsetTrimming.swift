/// Leaves the spaces that belong to a byte-level token out of its offsets.
///
/// Source: `process_offsets` of the Python package `tokenizers` (pre-tokenizer `ByteLevel`).
struct OffsetTrimming: Sendable {
    /// The first space of a text was added by the pre-tokenizer, and has no offset.
    var addsPrefixSpace: Bool

    /// The spaces at the ends of a token.
    struct Spaces {
        let leading: Int
        let trailing: Int

        /// Counts them in a token as it is written.
        init(_ token: String) {
            let scalars = token.unicodeScalars
            leading = scalars.prefix(while: Self.isSpace).count
            trailing = scalars.reversed().prefix(while: Self.isSpace).count
        }

        private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "\u{120}" || scalar.properties.isWhitespace
        }
    }

    /// A token's offsets without its spaces.
    func trimmed(_ offsets: Range<Int>, _ spaces: Spaces, isFirst: Bool) -> Range<Int> {
        var leading = spaces.leading
        var (start, end) = (offsets.lowerBound, offsets.upperBound)
        if leading > 0 {
            if isFirst || start == 0, addsPrefixSpace { leading -= 1 }
            start = min(start + leading, end)
        }
        if spaces.trailing > 0, end >= spaces.trailing { end = max(end - spaces.trailing, start) }
        return start..<end
    }
}
