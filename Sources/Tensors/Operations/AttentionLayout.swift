/// Which rows of the queries and of the keys belong to which sequence, without padding.
public struct AttentionLayout: Sendable {
    /// Where the queries of each sequence start, and at the end their number: (B + 1).
    public let queryOffsets: [Int32]
    /// Where the keys of each sequence start, and at the end their number: (B + 1).
    public let keyOffsets: [Int32]
    /// Number of heads.
    public let heads: Int

    /// Queries and keys of the same number of sequences.
    public init(queryOffsets: [Int32], keyOffsets: [Int32], heads: Int) {
        precondition(queryOffsets.count == keyOffsets.count, "as many sequences of queries as of keys")
        self.queryOffsets = queryOffsets
        self.keyOffsets = keyOffsets
        self.heads = heads
    }

    var sequences: Int { queryOffsets.count - 1 }

    func queries(_ sequence: Int) -> Range<Int> { Int(queryOffsets[sequence])..<Int(queryOffsets[sequence + 1]) }

    func keys(_ sequence: Int) -> Range<Int> { Int(keyOffsets[sequence])..<Int(keyOffsets[sequence + 1]) }

    /// The most scores of a sequence and head.
    var largestScoreCount: Int { (0..<sequences).map { queries($0).count * keys($0).count }.max() ?? 0 }

    /// The most queries of a sequence.
    var longestQuery: Int { (0..<sequences).map { queries($0).count }.max() ?? 0 }
}
