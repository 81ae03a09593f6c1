extension Tokenizer {
    /// Turns tokens back into text.
    ///
    /// - Parameters:
    ///   - ids: the tokens' numbers; numbers that no token has are left out.
    ///   - skipsSpecialTokens: whether tokens such as `[CLS]` are left out.
    /// - Returns: the text as the decoder of `tokenizer.json` puts it together; without one, the tokens with spaces
    ///   between them.
    public func decode(_ ids: some Sequence<Int32>, skipsSpecialTokens: Bool = true) -> String {
        var tokens: [String] = []
        for id in ids {
            guard let token = token(of: id), !(skipsSpecialTokens && isSpecial(token)) else { continue }
            tokens.append(token)
        }
        guard let decoders = pipeline.decoders else { return tokens.joined(separator: " ") }
        return decoders.reduce(tokens) { $1.decode($0) }.joined()
    }
}
