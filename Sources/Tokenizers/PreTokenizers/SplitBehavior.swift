/// What becomes of the matches at which a word is cut.
///
/// Source: `SplitDelimiterBehavior` of the Python package `tokenizers`.
enum SplitBehavior: String, Sendable, CaseIterable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    /// Gives the pieces of a word; they may be empty.
    ///
    /// - Parameters:
    ///   - matches: in order, without overlap.
    ///   - isInverted: what lies between the matches counts as matched.
    func cut(_ word: Range<Int>, at matches: [Range<Int>], isInverted: Bool, _ piece: (Range<Int>) -> Void) {
        var parts: [(range: Range<Int>, isMatch: Bool)] = []
        parts.reserveCapacity(matches.count * 2 + 1)
        var covered = word.lowerBound
        for match in matches {
            if covered < match.lowerBound { parts.append((covered..<match.lowerBound, isInverted)) }
            parts.append((match, !isInverted))
            covered = match.upperBound
        }
        if covered < word.upperBound { parts.append((covered..<word.upperBound, isInverted)) }
        switch self {
        case .removed: for part in parts where !part.isMatch { piece(part.range) }
        case .isolated: for part in parts { piece(part.range) }
        case .contiguous: Self.merge(parts, piece) { $0 == $1 }
        case .mergedWithPrevious: Self.merge(parts, piece) { !$0 && $1 }
        case .mergedWithNext: Self.mergeBackwards(parts, piece)
        }
    }

    private static func merge(
        _ parts: [(range: Range<Int>, isMatch: Bool)], _ piece: (Range<Int>) -> Void,
        _ joins: (_ previous: Bool, _ this: Bool) -> Bool
    ) {
        var open: Range<Int>?
        var previous = false
        for part in parts {
            if let start = open?.lowerBound, joins(previous, part.isMatch) {
                open = start..<part.range.upperBound
            } else {
                if let open { piece(open) }
                open = part.range
            }
            previous = part.isMatch
        }
        if let open { piece(open) }
    }

    private static func mergeBackwards(
        _ parts: [(range: Range<Int>, isMatch: Bool)], _ piece: (Range<Int>) -> Void
    ) {
        var pieces: [Range<Int>] = []
        var previous = false
        for part in parts.reversed() {
            if part.isMatch, !previous, let last = pieces.last {
                pieces[pieces.count - 1] = part.range.lowerBound..<last.upperBound
            } else {
                pieces.append(part.range)
            }
            previous = part.isMatch
        }
        for range in pieces.reversed() { piece(range) }
    }
}
