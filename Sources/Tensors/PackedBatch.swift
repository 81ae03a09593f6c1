/// A batch of token sequences laid end to end, without padding.
///
/// With B sequences and T tokens in all: sequence `i` holds the tokens `offsets[i]..<offsets[i + 1]`.
public struct PackedBatch: Sendable, Hashable {
    /// Token ids, (T).
    public let tokens: [Int32]
    /// Token type (segment) ids, (T).
    public private(set) var tokenTypes: [Int32]
    /// Position of each token in its sequence, (T).
    public let positions: [Int32]
    /// Where each sequence starts, and at the end T: (B + 1).
    public let offsets: [Int32]
    /// The first token of each sequence; kept, as heads that look at no others ask for it in every pass.
    public let firstTokens: RowSelection
    /// The class of each sequence, (B); nil when unknown.
    public let labels: [Int32]?

    /// Number of sequences, B.
    public var sequenceCount: Int { offsets.count - 1 }
    /// Number of tokens of all sequences, T.
    public var tokenCount: Int { tokens.count }

    /// Packs sequences; token types are 0 where none are given.
    ///
    /// - Parameters:
    ///   - sequences: token ids of each sequence; each at least one token.
    ///   - tokenTypes: as many for each sequence, or nil.
    ///   - positions: the position of each token in its sequence, or nil to count them from 0. Sequences of which tokens
    ///     were cut out keep the positions of the others so.
    ///   - labels: the class of each sequence, (B), or nil.
    public init(
        sequences: [[Int32]], tokenTypes: [[Int32]]? = nil, positions: [[Int32]]? = nil,
        labels: [Int32]? = nil
    ) {
        precondition(sequences.allSatisfy { !$0.isEmpty }, "a sequence has at least one token")
        precondition(labels.map { $0.count == sequences.count } ?? true, "one label a sequence")
        tokens = Array(sequences.joined())
        self.tokenTypes = tokenTypes.map { Array($0.joined()) } ?? [Int32](repeating: 0, count: tokens.count)
        precondition(self.tokenTypes.count == tokens.count, "one token type a token")
        self.positions =
            positions.map { Array($0.joined()) } ?? sequences.flatMap { Int32(0)..<Int32($0.count) }
        precondition(self.positions.count == tokens.count, "one position a token")
        offsets = sequences.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.count)) }
        firstTokens = RowSelection(firstOf: offsets)
        self.labels = labels
    }

    /// The same tokens, all of type 0: what a network takes that tells no token types apart.
    public var ignoringTokenTypes: PackedBatch {
        var batch = self
        for index in batch.tokenTypes.indices { batch.tokenTypes[index] = 0 }
        return batch
    }

    /// The longest sequence, in tokens.
    public var longest: Int { zip(offsets, offsets.dropFirst()).map { Int($1 - $0) }.max() ?? 0 }
}
