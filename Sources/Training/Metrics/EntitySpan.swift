/// An entity in a sequence of tagged words.
public struct EntitySpan: Sendable, Hashable {
    /// What it is: a tag without its prefix.
    public let type: String
    /// The words that it covers.
    public let words: Range<Int>

    /// An entity.
    public init(type: String, words: Range<Int>) {
        self.type = type
        self.words = words
    }

    /// The entities of a tagged sequence in order.
    ///
    /// Reads BIO, BIOES and IOB1 with the tolerance of `conlleval` and of seqeval's default mode: an entity also begins
    /// at an `I-` or `E-` after `O`, after an ended entity or after another type, and ends where the type changes.
    /// A tag without a prefix, such as `PER`, is no scheme's: its first letter is taken for one, as there.
    ///
    /// - Parameter tags: one a word, such as `B-PER`, `I-PER`, `O`.
    public static func spans(of tags: [String]) -> [EntitySpan] {
        var spans: [EntitySpan] = []
        var previous = (prefix: Character("O"), type: "")
        var begin = 0
        for place in 0...tags.count {
            let current = place < tags.count ? split(tags[place]) : (prefix: Character("O"), type: "_")
            if ends(previous, before: current) {
                spans.append(EntitySpan(type: previous.type, words: begin..<place))
            }
            if begins(current, after: previous) { begin = place }
            previous = current
        }
        return spans
    }

    /// A tag's prefix and type; a type that is not there is `_`.
    static func split(_ tag: String) -> (prefix: Character, type: String) {
        guard let prefix = tag.first else { return ("O", "_") }
        let rest = tag.dropFirst()
        let type = rest.firstIndex(of: "-").map { rest[rest.index(after: $0)...] } ?? rest
        return (prefix, type.isEmpty ? "_" : String(type))
    }

    private typealias Tag = (prefix: Character, type: String)

    private static func ends(_ previous: Tag, before current: Tag) -> Bool {
        switch previous.prefix {
        case "E", "S": true
        case "B", "I": "BSO".contains(current.prefix) || previous.type != current.type
        case "O", ".": false
        default: previous.type != current.type
        }
    }

    private static func begins(_ current: Tag, after previous: Tag) -> Bool {
        switch current.prefix {
        case "B", "S": true
        case "O", ".": false
        case "E", "I": "ESO".contains(previous.prefix) || previous.type != current.type
        default: previous.type != current.type
        }
    }
}
