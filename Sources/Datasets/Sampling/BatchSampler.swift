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
    /// The examples of each class, where all classes are to be shown as often as the largest.
    private let groups: [[Int]]

    /// A sampler.
    ///
    /// - Parameters:
    ///   - batchSize: at least 1.
    ///   - classes: the class of each example, where every class is to be shown as often as the largest: an example of
    ///     a class with m of the largest's n examples is shown ⌊n/m⌋ or ⌈n/m⌉ times an epoch, which ones the more often
    ///     is drawn anew for each epoch.
    public init(count: Int, batchSize: Int, seed: UInt64, shuffles: Bool, classes: [Int32]? = nil) {
        precondition(batchSize > 0, "a batch has at least one example")
        precondition(classes == nil || classes?.count == count, "each example has a class")
        self.count = count
        self.batchSize = batchSize
        self.seed = seed
        self.shuffles = shuffles
        groups =
            classes.map { classes in
                Dictionary(grouping: classes.indices) { classes[$0] }.sorted { $0.key < $1.key }.map(\.value)
            } ?? []
    }

    /// Examples that an epoch shows, the same in each epoch.
    public var epochLength: Int {
        groups.isEmpty ? count : groups.count * (groups.map(\.count).max() ?? 0)
    }

    /// Batches an epoch.
    public var batchesPerEpoch: Int { (epochLength + batchSize - 1) / batchSize }

    /// All examples in the order of an epoch.
    ///
    /// - Parameter epoch: from 0.
    public func order(epoch: Int) -> [Int] {
        var order = groups.isEmpty ? Array(0..<count) : evenly(epoch: epoch)
        if shuffles {
            var generator = PhiloxGenerator(seed: seed, stream: RandomStream.shuffle(epoch: epoch))
            generator.shuffle(&order)
        }
        return order
    }

    private func evenly(epoch: Int) -> [Int] {
        let largest = groups.map(\.count).max() ?? 0
        var generator = PhiloxGenerator(seed: seed, stream: RandomStream.oversampling(epoch: epoch))
        var order: [Int] = []
        order.reserveCapacity(epochLength)
        for group in groups {
            for _ in 0..<(largest / group.count) { order += group }
            var rest = group
            generator.shuffle(&rest)
            order += rest.prefix(largest % group.count)
        }
        return order.sorted()
    }

    /// The examples of each batch of an epoch.
    ///
    /// - Parameter epoch: from 0.
    public func batches(epoch: Int) -> [[Int]] {
        let order = order(epoch: epoch)
        return stride(from: 0, to: order.count, by: batchSize).map {
            Array(order[$0..<min($0 + batchSize, order.count)])
        }
    }
}
