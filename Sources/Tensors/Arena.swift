/// Memory for activations, laid out by the first step and reused by all later ones.
///
/// One stretch of address space is reserved; blocks are taken from the lowest free place that is large enough. A block
/// whose tensors are all gone is free for the next that is taken. The same batch shape takes the same places in every
/// step, so that in the steady state there are neither system calls nor page faults nor calls for memory.
public final class Arena {
    /// Alignment of every block, in floats: one cache line.
    static let alignment = 16

    private let memory = ArenaMemory()
    /// Blocks in use, or released since one was last taken.
    private var storages: ContiguousArray<Storage> = []
    /// Storages without a block.
    private var spare: ContiguousArray<Storage> = []
    /// Free blocks below `end`, by offset in floats, not touching one another.
    private var free: [Range<Int>] = []
    /// First float that no block has.
    private var end = 0
    /// The most floats that were in use at once, gaps included.
    public private(set) var peakCount = 0

    /// Objects made for blocks so far: flat once every shape has been seen.
    var storageCount: Int { storages.count + spare.count }

    /// Reserves address space (not memory) as large as the machine's memory.
    public init() {}

    /// A tensor with undefined contents.
    public func tensor(_ shape: Shape) -> Tensor { Tensor(storage: take(shape.count), shape: shape) }

    /// A tensor of zeros.
    public func zeros(_ shape: Shape) -> Tensor {
        let tensor = tensor(shape)
        tensor.base.update(repeating: 0, count: shape.count)
        return tensor
    }

    private func take(_ count: Int) -> Storage {
        collect()
        let block = place(count)
        let storage = spare.popLast() ?? Storage(memory)
        storage.move(to: block)
        storages.append(storage)
        return storage
    }

    /// Frees the blocks that no tensor is in any more: those of storages that only this arena refers to.
    ///
    /// Looks at some hundred objects at most, which takes a microsecond.
    private func collect() {
        var index = 0
        while index < storages.count {
            guard isKnownUniquelyReferenced(&storages[index]) else {
                index += 1
                continue
            }
            giveBack(storages[index].block)
            storages.swapAt(index, storages.count - 1)
            spare.append(storages.removeLast())
        }
    }

    private func place(_ count: Int) -> Range<Int> {
        let size = max((count + Self.alignment - 1) / Self.alignment * Self.alignment, Self.alignment)
        if let index = free.firstIndex(where: { $0.count >= size }) {
            let block = free[index].lowerBound..<(free[index].lowerBound + size)
            if block.upperBound == free[index].upperBound {
                free.remove(at: index)
            } else {
                free[index] = block.upperBound..<free[index].upperBound
            }
            return block
        }
        let block = end..<(end + size)
        end = block.upperBound
        peakCount = max(peakCount, end)
        memory.commit(end)
        return block
    }

    private func giveBack(_ block: Range<Int>) {
        var block = block
        var index = free.firstIndex { $0.lowerBound >= block.upperBound } ?? free.count
        if index < free.count, free[index].lowerBound == block.upperBound {
            block = block.lowerBound..<free[index].upperBound
            free.remove(at: index)
        }
        if index > 0, free[index - 1].upperBound == block.lowerBound {
            index -= 1
            block = free[index].lowerBound..<block.upperBound
            free.remove(at: index)
        }
        if block.upperBound == end {
            end = block.lowerBound
        } else {
            free.insert(block, at: index)
        }
    }
}
