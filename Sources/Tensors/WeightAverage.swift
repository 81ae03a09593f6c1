internal import CKernels

/// The exponential moving average of the weights over the updates (Polyak and Juditsky 1992), to be evaluated and
/// exported in their place.
///
/// w̄ ← d·w̄ + (1-d)·w with d = min(decay, (1 + n) / (10 + n)) after n updates, as TensorFlow's
/// `ExponentialMovingAverage` warms up: a short run would otherwise answer with its random head. Holds one slab, laid
/// out as the gradients.
public final class WeightAverage {
    /// The share of the average that an update keeps, in 0..<1.
    public let decay: Float
    /// Updates averaged so far; restored on resume.
    public var updateCount = 0
    /// Whether the average stands in the place of the weights, and these in its own.
    public private(set) var isSwappedIn = false
    private let store: ParameterStore
    private let average: Slab
    private let layout: [UpdateBlocks.Block]

    /// An average that begins as the weights are now, of the parameters that are trainable now.
    public init(_ store: ParameterStore, decay: Float) {
        precondition((0..<1).contains(decay), "the decay of an average of weights lies in 0..<1, not \(decay)")
        self.store = store
        self.decay = decay
        average = Slab(count: store.trainableCount)
        layout = UpdateBlocks.all(store)
        for block in layout {
            (average.base + block.gradient).update(from: store.values.base + block.value, count: block.count)
        }
    }

    /// `average.NAME` of every trainable parameter.
    public var state: [StateTensor] { StateTensor.slices(of: average, "average", store) }

    /// Takes the weights into the average; after every optimizer step.
    public func update(on pool: ThreadPool) {
        precondition(!isSwappedIn, "the average stands in the place of the weights: swap() before update(on:)")
        let keep = min(decay, Float(1 + updateCount) / Float(10 + updateCount))
        updateCount += 1
        forBlocks(pool) { count, weights, average in ck_average(count, keep, weights, average) }
    }

    /// Exchanges the weights of the store with their average: before evaluation and export, and again after it.
    public func swap(on pool: ThreadPool) {
        forBlocks(pool) { count, weights, average in ck_swap(count, weights, average) }
        isSwappedIn.toggle()
    }

    private func forBlocks(
        _ pool: ThreadPool, _ body: (Int, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    ) {
        let (values, average) = (store.values.base, average.base)
        layout.withUnsafeBufferPointer { blocks in
            pool.run(blocks.count) { task, _ in
                let block = blocks[task]
                body(block.count, values + block.value, average + block.gradient)
            }
        }
    }
}
