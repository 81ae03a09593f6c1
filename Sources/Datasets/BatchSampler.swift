/// The order in which an epoch goes through the examples, in batches; the last, smaller batch is kept.
///
/// The order is a pure function of the seed and the epoch: a run that goes on from a checkpoint sees the batches that it
/// would have seen.
public struct BatchSampler: Sendable, Hashable {
    /// The number of examples.
    public let count: Int
    /// Examples a batch.
    public let batchSize: Int
    /// The start of the shuffles.
    public let seed: UInt64
    /// Whether each epoch has an order of its own; else the order of the file.
    public let shuffles: Bool

    /// A sampler.
    ///
    /// - Parameter batchSize: at least 1.
    public init(count: Int, batchSize: Int, seed: UInt64, shuffles: Bool) {
        precondition(batchSize > 0, "a batch has at least one example")
        self.count = count
        self.batchSize = batchSize
        self.seed = seed
        self.shuffles = shuffles
    }

    /// Batches an epoch.
    public var batchesPerEpoch: Int { (count + batchSize - 1) / batchSize }

    /// All examples in the order of an epoch.
    ///
    /// - Parameter epoch: from 0.
    public func order(epoch: Int) -> [Int] {
        var order = Array(0..<count)
        if shuffles {
            var generator = PhiloxGenerator(seed: seed, stream: RandomStream.shuffle(epoch: epoch))
            generator.shuffle(&order)
        }
        return order
    }

    /// The examples of each batch of an epoch.
    ///
    /// - Parameter epoch: from 0.
    public func batches(epoch: Int) -> [[Int]] {
        let order = order(epoch: epoch)
        return stride(from: 0, to: count, by: batchSize).map { Array(order[$0..<min($0 + batchSize, count)]) }
    }
}
