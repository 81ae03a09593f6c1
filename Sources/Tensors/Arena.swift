import Glibc

/// Memory for activations, laid out by the first step and reused by all later ones.
///
/// One stretch of address space is reserved; blocks are taken from the lowest free place that is large enough, and
/// return when the last tensor in them is released. The same batch shape takes the same places in every step, so
/// that in the steady state there are neither system calls nor page faults.
public final class Arena {
    /// Alignment of every block, in floats: one cache line.
    static let alignment = 16
    /// Memory is made usable in pieces of this many bytes.
    private static let granule = 16 << 20

    private let base: UnsafeMutableRawPointer
    private let reserved: Int
    private var usable = 0
    /// Free blocks below `end`, by offset in floats, not touching one another.
    private var free: [Range<Int>] = []
    /// First float that no block has.
    private var end = 0
    /// The most floats that were in use at once, gaps included.
    public private(set) var peakCount = 0

    /// Reserves address space (not memory) as large as the machine's memory.
    public init() {
        let physical = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
        var size = max(physical, 1 << 30) / Self.granule * Self.granule
        var mapping = Self.reserve(size)
        while mapping == nil, size > Self.granule {
            size = size / 2 / Self.granule * Self.granule
            mapping = Self.reserve(size)
        }
        guard let mapping else { fatalError("out of address space for activations; raise the limit (ulimit -v)") }
        base = mapping
        reserved = size
        madvise(base, reserved, MADV_HUGEPAGE)
    }

    deinit { munmap(base, reserved) }

    private static func reserve(_ size: Int) -> UnsafeMutableRawPointer? {
        guard size > 0 else { return nil }
        let mapping = mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        return mapping == MAP_FAILED ? nil : mapping
    }

    /// A tensor with undefined contents.
    public func tensor(_ shape: Shape) -> Tensor { Tensor(storage: Storage(self, shape.count), shape: shape) }

    /// A tensor of zeros.
    public func zeros(_ shape: Shape) -> Tensor {
        let tensor = tensor(shape)
        tensor.base.update(repeating: 0, count: shape.count)
        return tensor
    }

    func take(_ count: Int) -> Range<Int> {
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
        commit(end * MemoryLayout<Float>.stride)
        return block
    }

    func giveBack(_ block: Range<Int>) {
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

    func address(_ block: Range<Int>) -> UnsafeMutablePointer<Float> {
        (base + block.lowerBound * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
    }

    private func commit(_ bytes: Int) {
        guard bytes > usable else { return }
        let wanted = min((bytes + Self.granule - 1) / Self.granule * Self.granule, reserved)
        guard wanted >= bytes, mprotect(base + usable, wanted - usable, PROT_READ | PROT_WRITE) == 0 else {
            fatalError("out of memory: activations need \(bytes >> 20) MiB; use a smaller batch or max_length")
        }
        usable = wanted
    }
}
