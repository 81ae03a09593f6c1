/// How well entities were found: an entity counts only where type and both ends are right (CoNLL 2003).
public struct EntityScores: Sendable, Hashable {
    /// Entities of one type, or of all.
    public struct Counts: Sendable, Hashable {
        /// Answered and right.
        public var correct = 0
        /// Answered.
        public var answered = 0
        /// In truth.
        public var support = 0

        /// The share of answered entities that were right; 0 without any.
        public var precision: Double { answered == 0 ? 0 : Double(correct) / Double(answered) }
        /// The share of true entities that were found; 0 without any.
        public var recall: Double { support == 0 ? 0 : Double(correct) / Double(support) }
        /// The harmonic mean of precision and recall; 0 where both are.
        public var f1: Double { correct == 0 ? 0 : 2 * Double(correct) / Double(answered + support) }
    }

    /// By type.
    public private(set) var types: [String: Counts] = [:]
    /// Words.
    public private(set) var wordCount = 0
    /// Words with the right tag.
    public private(set) var correctWords = 0

    /// No sequence yet.
    public init() {}

    /// Takes a sequence in.
    ///
    /// - Parameters:
    ///   - answer: one tag a word.
    ///   - truth: one tag a word.
    public mutating func add(answer: [String], truth: [String]) {
        precondition(answer.count == truth.count, "one answer a word")
        wordCount += truth.count
        correctWords += zip(answer, truth).count { $0 == $1 }
        let expected = Set(EntitySpan.spans(of: truth))
        for span in expected { types[span.type, default: Counts()].support += 1 }
        for span in EntitySpan.spans(of: answer) {
            types[span.type, default: Counts()].answered += 1
            if expected.contains(span) { types[span.type, default: Counts()].correct += 1 }
        }
    }

    /// All types together: what `conlleval` calls the overall figures, and seqeval the micro average.
    public var total: Counts {
        types.values.reduce(into: Counts()) { sum, type in
            sum.correct += type.correct
            sum.answered += type.answered
            sum.support += type.support
        }
    }

    /// The mean F1 of the types that were seen or answered.
    public var macroF1: Double {
        types.isEmpty ? 0 : types.values.map(\.f1).sorted().reduce(0, +) / Double(types.count)
    }

    /// The share of words with the right tag; 0 without words.
    public var wordAccuracy: Double { wordCount == 0 ? 0 : Double(correctWords) / Double(wordCount) }
}
