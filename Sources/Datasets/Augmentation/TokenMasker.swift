public import FineTuning

/// Masks tokens for masked-language modeling, other ones in each epoch (Liu et al. 2019, "dynamic masking").
///
/// Of the tokens that are chosen, 80 % become the mask, 10 % a random token and 10 % stay (Devlin et al. 2019). With
/// whole words, the pieces of a word are chosen together; each piece then has its own fate, as in BERT. Tokens that were
/// added around the text are never chosen. A pure function of seed, epoch and example.
public struct TokenMasker: Sendable {
    private let masking: Masking
    private let seed: UInt64
    private let maskID: Int32
    private let vocabularySize: Int
    private let specialIDs: Set<Int32>

    /// A masker.
    ///
    /// - Parameters:
    ///   - maskID: the mask's place in the vocabulary.
    ///   - vocabularySize: random tokens are below it.
    ///   - specialIDs: tokens that are neither chosen nor put in by chance; fewer than the vocabulary has.
    public init(_ masking: Masking, seed: UInt64, maskID: Int32, vocabularySize: Int, specialIDs: Set<Int32>) {
        precondition(specialIDs.count < vocabularySize, "there are tokens that are not special")
        self.masking = masking
        self.seed = seed
        self.maskID = maskID
        self.vocabularySize = vocabularySize
        self.specialIDs = specialIDs
    }

    /// A text with masks.
    ///
    /// As many words (or tokens) are chosen as make up the share of the text's tokens, rounded to the nearest, and at
    /// least one.
    ///
    /// - Parameters:
    ///   - epoch: from 0; the same one for every evaluation.
    ///   - example: the text's place among all.
    public func masked(_ sequence: TokenSequence, epoch: Int, example: Int) -> MaskedSequence {
        var random = PhiloxGenerator(
            seed: seed, stream: RandomStream.example(example, epoch: epoch, kind: 8, part: 0))
        var units = candidates(sequence)
        let tokens = units.reduce(0) { $0 + $1.count }
        let budget = max(1, Int((Double(tokens) * masking.probability).rounded()))
        random.shuffle(&units)
        var chosen: [Int] = []
        // A word that would go beyond the share is passed over, but for the first.
        for unit in units where chosen.isEmpty || chosen.count + unit.count <= budget { chosen += unit }
        chosen.sort()
        var result = MaskedSequence(
            sequence: sequence, places: chosen, truths: chosen.map { sequence.ids[$0] })
        for place in chosen {
            switch random.number(below: 10) {
            case 0..<8: result.sequence.ids[place] = maskID
            case 8: result.sequence.ids[place] = randomToken(&random)
            default: break
            }
        }
        return result
    }

    /// What is chosen together: the tokens of a word, or each token.
    private func candidates(_ sequence: TokenSequence) -> [[Int]] {
        sequence.wordRanges.flatMap { range -> [[Int]] in
            let tokens = range.filter { !specialIDs.contains(sequence.ids[$0]) }
            if tokens.isEmpty { return [] }
            return masking.wholeWord ? [tokens] : tokens.map { [$0] }
        }
    }

    private func randomToken(_ random: inout PhiloxGenerator) -> Int32 {
        while true {
            let token = Int32(random.number(below: UInt64(vocabularySize)))
            if !specialIDs.contains(token) { return token }
        }
    }
}
