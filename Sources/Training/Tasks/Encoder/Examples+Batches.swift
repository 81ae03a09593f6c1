internal import Datasets
internal import Tensors

extension Examples {
    /// Some examples laid end to end.
    func batch(_ indices: [Int]) -> PackedBatch {
        PackedBatch(
            sequences: indices.map { Array(tokenIDs(of: $0)) }, tokenTypes: indices.map { Array(typeIDs(of: $0)) })
    }

    /// The class of an example.
    func label(of example: Int) -> Int32 { labels[example] }

    /// Whether an example has each of the labels: 1 or 0, (labels).
    func targets(of example: Int, labelCount: Int) -> [Float] {
        (0..<labelCount).map { $0 == Int(labels[example]) ? 1 : 0 }
    }
}
