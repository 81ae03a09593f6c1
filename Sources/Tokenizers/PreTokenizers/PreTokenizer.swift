/// One stage of the pre-tokenizer. A sequence of stages is a list of these.
///
/// Source: `pre_tokenizers` of the Python package `tokenizers`.
enum PreTokenizer: Sendable {
    case bert
    case byteLevel(ByteLevel)
    case metaspace(Metaspace)
    /// Words and runs of signs, without white space.
    case whitespace
    case whitespaceSplit
    case punctuation(SplitBehavior)
    case digits(areIndividual: Bool)
    case split(TextPattern, SplitBehavior, isInverted: Bool)
    case delimiter(Unicode.Scalar)

    /// Whether the stage writes the text anew rather than cut it.
    var rewrites: Bool {
        switch self {
        case .byteLevel, .metaspace: true
        default: false
        }
    }

    /// Cuts the words of a text.
    func apply(to text: inout PreTokenizedText) {
        switch self {
        case .bert:
            text.split { bytes, word, piece in
                BertPreTokenizer().forEachWord(of: UnsafeBufferPointer(rebasing: bytes[word])) {
                    piece($0.lowerBound + word.lowerBound..<$0.upperBound + word.lowerBound)
                }
            }
        case .byteLevel(let stage): stage.apply(to: &text)
        case .metaspace(let stage): stage.apply(to: &text)
        case .whitespace: text.split(WhitespaceWords.cut)
        case .whitespaceSplit: Self.split(&text, .removed) { $0.properties.isWhitespace }
        case .punctuation(let behavior):
            Self.split(&text, behavior) { ScalarClass.of($0).contains(.punctuation) }
        case .digits(let areIndividual):
            Self.split(&text, areIndividual ? .isolated : .contiguous, Self.isNumeric)
        case .split(let pattern, let behavior, let isInverted):
            text.split { bytes, word, piece in
                behavior.cut(word, at: pattern.matches(in: bytes, word), isInverted: isInverted, piece)
            }
        case .delimiter(let delimiter): Self.split(&text, .removed) { $0 == delimiter }
        }
    }

    /// Cuts at scalars, each of which is a match of its own.
    static func split(
        _ text: inout PreTokenizedText, _ behavior: SplitBehavior, _ isMatch: (Unicode.Scalar) -> Bool
    ) {
        text.split { bytes, word, piece in
            var matches: [Range<Int>] = []
            var position = word.lowerBound
            while position < word.upperBound {
                let (scalar, size) = UTF8Reader.scalar(in: bytes, at: position)
                if isMatch(scalar) { matches.append(position..<position + size) }
                position += size
            }
            behavior.cut(word, at: matches, isInverted: false, piece)
        }
    }

    private static func isNumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }
}
