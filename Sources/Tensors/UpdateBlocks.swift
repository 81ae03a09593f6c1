/// The trainable parameters that do not rest, cut into blocks for the threads; laid out anew only when the store's
/// layout has changed.
struct UpdateBlocks {
    /// A stretch of one parameter.
    struct Block {
        /// Where it starts in the slab of values.
        var value: Int
        /// Where it starts in the slabs of gradients and moments.
        var gradient: Int
        var count: Int
        var parameter: Int
        var learningRateFactor: Float
        var decays: Bool
    }

    private var blocks: [Block] = []
    private var version = -1

    /// Calls `body` for every block of the store as it is now, in parallel.
    mutating func run(_ store: ParameterStore, on pool: ThreadPool, _ body: (Block) -> Void) {
        refresh(store)
        blocks.withUnsafeBufferPointer { blocks in
            pool.run(blocks.count) { task, _ in body(blocks[task]) }
        }
    }

    private mutating func refresh(_ store: ParameterStore) {
        guard version != store.layoutVersion else { return }
        version = store.layoutVersion
        blocks = Self.all(store).filter { store.parameters[$0.parameter].isUpdated }
    }

    /// The blocks of all trainable parameters, resting ones too.
    static func all(_ store: ParameterStore) -> [Block] {
        let size = 1 << 16
        return store.parameters.flatMap { parameter -> [Block] in
            guard let range = parameter.gradientRange else { return [] }
            return stride(from: 0, to: range.count, by: size).map { start in
                Block(
                    value: parameter.range.lowerBound + start, gradient: range.lowerBound + start,
                    count: min(size, range.count - start), parameter: parameter.index,
                    learningRateFactor: parameter.learningRateFactor, decays: parameter.decays)
            }
        }
    }
}
