internal import RunDirectory
internal import Tokenizers

/// A text to be answered, as tokens.
struct EncodedInput {
    /// The text.
    let input: PredictionInput
    /// Its tokens.
    let encoding: Encoding
    /// The first token of each word that is there, rising.
    let firstPieces: [Int]
    /// Where each of these words is: scalars of the text, or its place among the words that were given.
    let places: [Range<Int>]

    /// Tokenizes a text.
    ///
    /// - Parameters:
    ///   - maxLength: longer texts are cut to so many tokens.
    ///   - keepsWords: whether words that were given are kept apart; else they are a text.
    init(_ input: PredictionInput, _ tokenizer: Tokenizer, maxLength: Int, keepsWords: Bool) {
        self.input = input
        let words = keepsWords ? input.words : nil
        let encoding =
            words.map { tokenizer.encode(words: $0, maxLength: maxLength) }
            ?? tokenizer.encode(input.text, pair: input.textPair, maxLength: maxLength)
        var firstPieces: [Int] = []
        var places: [Range<Int>] = []
        guard keepsWords else {
            (self.encoding, self.firstPieces, self.places) = (encoding, [], [])
            return
        }
        for token in encoding.ids.indices where encoding.sequenceIDs[token] == 0 {
            let word = Int(encoding.wordIDs[token])
            let isFirst =
                firstPieces.isEmpty || encoding.wordIDs[firstPieces[firstPieces.count - 1]] != encoding.wordIDs[token]
            if isFirst {
                firstPieces.append(token)
                places.append(words == nil ? encoding.offsets[token] : word..<(word + 1))
            } else if words == nil {
                let start = places[places.count - 1].lowerBound
                places[places.count - 1] = start..<max(start, encoding.offsets[token].upperBound)
            }
        }
        self.encoding = encoding
        self.firstPieces = firstPieces
        self.places = places
    }
}
