internal import Datasets
internal import Models
public import Tensors

/// Texts with what a head for tokens is to put out for some of their tokens.
public struct TokenBatch: EncoderBatch {
    /// The texts.
    public let packed: PackedBatch
    /// The tokens that have a target, by their rows among all of the batch: (R), rising.
    public let rows: [Int32]
    /// The class of each, (R).
    public let targets: [Int32]
    /// How many of them each text has, (B).
    public let counts: [Int]
    /// How much each counts, (R); nil for all the same.
    public let weights: [Float]?

    /// A batch.
    public init(packed: PackedBatch, rows: [Int32], targets: [Int32], counts: [Int], weights: [Float]? = nil) {
        precondition(rows.count == targets.count && counts.reduce(0, +) == rows.count, "one target a row")
        self.packed = packed
        self.rows = rows
        self.targets = targets
        self.counts = counts
        self.weights = weights
    }

    /// A batch of texts with their targets by place.
    ///
    /// - Parameters:
    ///   - sequences: the tokens of each text.
    ///   - targets: of each text the places of the tokens that have a target, rising, and their classes.
    init(
        _ sequences: [TokenSequence], targets: [(places: [Int], classes: [Int32])],
        weights: ((Int32) -> Float)? = nil
    ) {
        packed = PackedBatch(sequences)
        rows = zip(packed.offsets, targets).flatMap { start, target in target.places.map { start + Int32($0) } }
        let classes = targets.flatMap(\.classes)
        self.targets = classes
        counts = targets.map(\.places.count)
        self.weights = weights.map { classes.map($0) }
    }

    /// Number of texts.
    public var exampleCount: Int { packed.sequenceCount }
    /// Number of tokens with a target, or the sum of their weights.
    public var weight: Double { weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(rows.count) }

    /// The mean over each text's tokens, (B); 0 for texts without any.
    func means(_ losses: [Float]) -> [Float] {
        var start = 0
        return counts.map { count in
            defer { start += count }
            let sum = losses[start..<(start + count)].reduce(0) { $0 + Double($1) }
            return count == 0 ? 0 : Float(sum / Double(count))
        }
    }
}
