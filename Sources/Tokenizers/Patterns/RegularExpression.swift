/// A regular expression that takes linear time: backtracking that remembers where it failed.
///
/// The dialect is the part of Oniguruma's that tokenizers use: literals, classes, `\p{…}`, groups, `(?i:…)`,
/// alternatives, greedy and lazy repetition, look-ahead at one scalar, `^` and `$`. Whatever else is an error.
///
/// Source: Davis, "Memoized regular expression matching" (2021), after the bit-state matcher of RE2.
struct RegularExpression: Sendable {
    /// One step of the compiled expression.
    enum Instruction: Sendable {
        /// One scalar of a set.
        case scalar(set: Int)
        /// Goes on at either, the first preferred.
        case split(Int, Int)
        case jump(Int)
        /// The next scalar is, or is not, of a set; nothing is taken.
        case lookAhead(set: Int, isNegative: Bool)
        case lineStart
        case lineEnd
        case match
    }

    /// The most steps of a compiled expression: the memory of a match is this times the text.
    static let programLimit = 1024

    let program: [Instruction]
    let sets: [ScalarSet]

    /// Compiles a pattern.
    ///
    /// - Throws: ``PatternFault`` where it is not understood.
    init(_ pattern: String) throws(PatternFault) {
        var parser = RegularExpressionParser(pattern)
        let tree = try parser.parse()
        var compiler = RegularExpressionCompiler()
        try compiler.compile(tree)
        program = try compiler.finished()
        sets = parser.sets
    }

    /// The matches in a stretch of a text, in order, as ranges of bytes; the stretch alone is looked at. An empty match
    /// directly behind another is left out.
    ///
    /// - Complexity: O(n) in the stretch's bytes, times the expression's steps.
    func matches(in bytes: UnsafeBufferPointer<UInt8>, _ stretch: Range<Int>) -> [Range<Int>] {
        var matcher = RegularExpressionMatcher(self, bytes, stretch)
        var found: [Range<Int>] = []
        var position = stretch.lowerBound
        while position <= stretch.upperBound {
            if let end = matcher.match(at: position), end > position || found.last?.upperBound != position {
                found.append(position..<end)
                if end > position {
                    position = end
                    continue
                }
            }
            guard position < stretch.upperBound else { break }
            position += UTF8Reader.scalar(in: bytes, at: position).size
        }
        return found
    }
}

/// What is not understood in a regular expression.
struct PatternFault: Error, CustomStringConvertible {
    let pattern: String
    let reason: String

    var description: String { "the pattern \"\(pattern.prefix(200))\" is not supported: \(reason)" }
}
