/// The stages of a tokenizer, as its files describe them.
struct Pipeline: Sendable {
    var vocabulary: Vocabulary
    var addedTokens: [AddedToken] = []
    var normalizers: [Normalizer] = []
    var preTokenizers: [PreTokenizer] = []
    var model: TokenModel
    var postProcessor = PostProcessor()
    /// Nil: tokens are put together with spaces between them.
    var decoders: [Decoder]?

    /// Normalizes a piece of text in place.
    func normalize(_ text: inout NormalizedText) {
        for normalizer in normalizers { normalizer.apply(to: &text) }
    }

    /// The steps of all regular expressions: what a byte of a text may cost at most, whatever the patterns are.
    var patternSteps: Int {
        let patterns =
            normalizers.compactMap { if case .replace(let pattern, _) = $0 { pattern } else { nil } }
            + preTokenizers.compactMap { if case .split(let pattern, _, _) = $0 { pattern } else { nil } }
            + (decoders ?? []).compactMap { if case .replace(let pattern, _) = $0 { pattern } else { nil } }
        return patterns.reduce(0) { $0 + $1.stepCount }
    }

    /// The pre-tokenizers for a text that is cut into words already: byte-level models of whole words want a space before
    /// each, as `transformers` demands with `add_prefix_space`.
    var wordPreTokenizers: [PreTokenizer] {
        guard preTokenizers.count == 1, case .byteLevel(var stage) = preTokenizers[0] else { return preTokenizers }
        stage.addsPrefixSpace = true
        return [.byteLevel(stage)]
    }
}
