/// Which rows of the queries and of the keys belong to which sequence, without padding.
public struct AttentionLayout: Sendable {
    /// Where the queries of each sequence start, and at the end their number: (B + 1).
    public let queryOffsets: [Int32]
    /// Where the keys of each sequence start, and at the end their number: (B + 1).
    public let keyOffsets: [Int32]
    /// Number of heads.
    public let heads: Int

    /// The most scores of a sequence and head. Kept, since every head of every pass asks: finding it anew each time took
    /// 18,000 allocations of a step's 19,000.
    let largestScoreCount: Int
    /// The most queries of a sequence.
    let longestQuery: Int

    /// Queries and keys of the same number of sequences.
    public init(queryOffsets: [Int32], keyOffsets: [Int32], heads: Int) {
        precondition(queryOffsets.count == keyOffsets.count, "as many sequences of queries as of keys")
        self.queryOffsets = queryOffsets
        self.keyOffsets = keyOffsets
        self.heads = heads
        var (scores, longest) = (0, 0)
        for sequence in 0..<(queryOffsets.count - 1) {
            let queries = Int(queryOffsets[sequence + 1] - queryOffsets[sequence])
            scores = max(scores, queries * Int(keyOffsets[sequence + 1] - keyOffsets[sequence]))
            longest = max(longest, queries)
        }
        largestScoreCount = scores
        longestQuery = longest
    }

    var sequences: Int { queryOffsets.count - 1 }

    func queries(_ sequence: Int) -> Range<Int> { Int(queryOffsets[sequence])..<Int(queryOffsets[sequence + 1]) }

    func keys(_ sequence: Int) -> Range<Int> { Int(keyOffsets[sequence])..<Int(keyOffsets[sequence + 1]) }
}
