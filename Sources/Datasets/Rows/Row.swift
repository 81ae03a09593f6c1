/// A good row of a data file.
struct Row: Sendable, Hashable {
    /// What there is to read.
    enum Content: Sendable, Hashable {
        /// One text, or two that are read together.
        case text(String, pair: String?)
        /// A text that comes in words.
        case words([String])
        /// Texts that are each read alone: an anchor, its positive and perhaps a negative.
        case apart([String])
    }

    /// What there is to learn.
    enum Answer: Sendable, Hashable {
        case none
        case label(String)
        /// In the order of the file, each once.
        case labels([String])
        case score(Double)
        /// One a word.
        case tags([String])
    }

    /// The line on which it begins, from 1.
    let line: Int
    let content: Content
    let answer: Answer

    /// The texts, words joined by spaces.
    var texts: [String] {
        switch content {
        case .text(let text, let pair): [text] + (pair.map { [$0] } ?? [])
        case .words(let words): [words.joined(separator: " ")]
        case .apart(let texts): texts
        }
    }

    /// The number of words, as far as white space tells.
    var wordCount: Int {
        if case .words(let words) = content { return words.count }
        return texts.reduce(0) { count, text in
            count + text.unicodeScalars.split { $0.properties.isWhitespace }.count
        }
    }
}
