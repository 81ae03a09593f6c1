public import Datasets
public import Tensors

extension Examples {
    /// Some examples laid end to end, with their labels.
    public func batch(_ indices: some Sequence<Int>) -> PackedBatch {
        let indices = Array(indices)
        return PackedBatch(
            sequences: indices.map { Array(tokenIDs(of: $0)) }, tokenTypes: indices.map { Array(typeIDs(of: $0)) },
            labels: indices.map { labels[$0] })
    }

    /// All examples in order, in pieces of about `tokenBudget` tokens and at least one example.
    public func pieces(tokenBudget: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var (start, tokens) = (0, 0)
        for index in 0..<count {
            if index > start, tokens + length(of: index) > tokenBudget {
                pieces.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += length(of: index)
        }
        return start < count ? pieces + [start..<count] : pieces
    }
}
