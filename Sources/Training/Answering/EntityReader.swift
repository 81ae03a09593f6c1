internal import FineTuning
internal import RunDirectory

/// Reads entities off the tags of a text's words.
struct EntityReader {
    /// A word with its tag.
    struct Word {
        /// The most probable tag.
        let tag: String
        /// Its probability.
        let probability: Double
        /// Where the word is: scalars of the text, or its place among the words that were given.
        let place: Range<Int>
    }

    let input: PredictionInput
    let words: [Word]

    /// The entities, and where words were given a tag for each; words that were cut off are outside of any entity.
    var text: TaggedText {
        let spans = EntitySpan.spans(of: words.map(\.tag)).map { span in
            let covered = words[span.words]
            let place =
                covered[span.words.lowerBound].place.lowerBound..<covered[span.words.upperBound - 1].place.upperBound
            return TaggedText.Span(
                type: span.type, start: place.lowerBound, end: place.upperBound, text: text(at: place),
                score: covered.reduce(0) { $0 + $1.probability } / Double(covered.count))
        }
        return TaggedText(entities: spans, tags: tags)
    }

    private var tags: [String]? {
        guard let given = input.words else { return nil }
        var tags = [String](repeating: "O", count: given.count)
        for word in words { tags[word.place.lowerBound] = word.tag }
        return tags
    }

    private func text(at place: Range<Int>) -> String {
        if let words = input.words { return words[place].joined(separator: " ") }
        let scalars = input.text.unicodeScalars
        let start = scalars.index(scalars.startIndex, offsetBy: place.lowerBound)
        let end = scalars.index(start, offsetBy: place.count)
        return String(String.UnicodeScalarView(scalars[start..<end]))
    }
}
