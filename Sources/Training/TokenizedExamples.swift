public import Tensors

/// Labelled texts as token numbers, ready to be packed into batches.
public struct TokenizedExamples: Sendable {
    /// Token ids of each example.
    public private(set) var sequences: [[Int32]] = []
    /// Segments of the tokens of each example.
    public private(set) var tokenTypes: [[Int32]] = []
    /// The class of each example.
    public private(set) var labels: [Int32] = []

    /// No examples.
    public init() {}

    /// Appends an example.
    public mutating func append(_ ids: [Int32], tokenTypes types: [Int32], label: Int32) {
        sequences.append(ids)
        tokenTypes.append(types)
        labels.append(label)
    }

    /// The number of examples.
    public var count: Int { sequences.count }
    /// The tokens of all examples.
    public var tokenCount: Int { sequences.reduce(0) { $0 + $1.count } }

    /// Some examples, laid end to end.
    public func batch(_ indices: some Sequence<Int>) -> PackedBatch {
        let indices = Array(indices)
        return PackedBatch(
            sequences: indices.map { sequences[$0] }, tokenTypes: indices.map { tokenTypes[$0] },
            labels: indices.map { labels[$0] })
    }

    /// All examples in order, in pieces of about `tokenBudget` tokens and at least one example.
    public func pieces(tokenBudget: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var (start, tokens) = (0, 0)
        for index in 0..<count {
            if index > start, tokens + sequences[index].count > tokenBudget {
                pieces.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += sequences[index].count
        }
        return start < count ? pieces + [start..<count] : pieces
    }
}
