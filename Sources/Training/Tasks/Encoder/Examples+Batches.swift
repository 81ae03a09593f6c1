internal import Datasets
internal import Tensors

extension PackedBatch {
    /// Token sequences laid end to end.
    init(_ sequences: [TokenSequence]) {
        let keepsPositions = sequences.contains { $0.positions != nil }
        self.init(
            sequences: sequences.map(\.ids), tokenTypes: sequences.map(\.types),
            positions: keepsPositions
                ? sequences.map { $0.positions ?? Array(0..<Int32($0.count)) } : nil)
    }
}

extension Examples {
    /// Some examples laid end to end, as an epoch sees them.
    func batch(_ indices: [Int], _ changes: TextChanges, epoch: Int) -> PackedBatch {
        PackedBatch(indices.map { changes.changed(sequence(of: $0), epoch: epoch, example: $0) })
    }

    /// Some examples laid end to end, as they are.
    func batch(_ indices: [Int]) -> PackedBatch { PackedBatch(indices.map { sequence(of: $0) }) }

    /// Whether an example has each of the labels: 1 or 0, (labels).
    func targets(of example: Int, labelCount: Int) -> [Float] {
        var targets = [Float](repeating: 0, count: labelCount)
        for label in labels(of: example) { targets[Int(label)] = 1 }
        return targets
    }
}
