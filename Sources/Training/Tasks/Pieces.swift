/// Cuts examples into pieces that go through a model at once.
enum Pieces {
    /// Tokens of a pass without gradients: enough to keep all cores busy, and less memory than a training step takes.
    static let evaluationTokens = 2048

    /// Examples in order, in pieces of about so many tokens and at least one example.
    ///
    /// - Parameter lengths: of the examples, in tokens.
    static func ranges(of lengths: [Int], tokenBudget: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var (start, tokens) = (0, 0)
        for (index, length) in lengths.enumerated() {
            if index > start, tokens + length > tokenBudget {
                pieces.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += length
        }
        return start < lengths.count ? pieces + [start..<lengths.count] : pieces
    }
}
