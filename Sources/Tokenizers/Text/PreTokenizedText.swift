/// A normalized text and the words that the pre-tokenizers have cut it into so far.
struct PreTokenizedText: Sendable {
    /// The text; words need not cover it.
    private(set) var text = NormalizedText()
    /// The words, none of them empty, as ranges of the text's bytes.
    private(set) var words: [Range<Int>] = []
    private var oldWords: [Range<Int>] = []

    /// Begins with a stretch of a normalized text as the only word.
    mutating func assign(_ text: NormalizedText, _ stretch: Range<Int>) {
        self.text = text
        words.removeAll(keepingCapacity: true)
        if !stretch.isEmpty { words.append(stretch) }
    }

    /// Cuts each word; empty pieces are left out.
    ///
    /// - Parameter cut: gives the pieces of a word of the whole text's bytes in order.
    mutating func split(_ cut: (UnsafeBufferPointer<UInt8>, Range<Int>, (Range<Int>) -> Void) -> Void) {
        swap(&words, &oldWords)
        words.removeAll(keepingCapacity: true)
        var pieces = words
        words = []
        text.bytes.withUnsafeBufferPointer { bytes in
            for word in oldWords {
                cut(bytes, word) { if !$0.isEmpty { pieces.append($0) } }
            }
        }
        words = pieces
    }

    /// Writes each word anew.
    ///
    /// - Parameter body: appends what becomes of a word of the text.
    mutating func rewrite(_ body: (NormalizedText, Range<Int>, inout NormalizedText) -> Void) {
        var result = NormalizedText(replacing: text, capacity: text.bytes.count * 2)
        for index in words.indices {
            let start = result.bytes.count
            body(text, words[index], &result)
            words[index] = start..<result.bytes.count
        }
        text = result
    }
}
