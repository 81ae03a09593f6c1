import Glibc

/// A stretch of address space as large as the machine's memory, of which the lower part is usable.
final class ArenaMemory {
    /// Memory is made usable in pieces of this many bytes.
    private static let granule = 16 << 20

    private let base: UnsafeMutableRawPointer
    private let reserved: Int
    private var usable = 0

    /// Reserves address space (not memory).
    init() {
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

    /// The address of a float by its number.
    func address(_ float: Int) -> UnsafeMutablePointer<Float> {
        (base + float * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
    }

    /// Makes so many floats usable.
    func commit(_ floats: Int) {
        let bytes = floats * MemoryLayout<Float>.stride
        guard bytes > usable else { return }
        let wanted = min((bytes + Self.granule - 1) / Self.granule * Self.granule, reserved)
        guard wanted >= bytes, mprotect(base + usable, wanted - usable, PROT_READ | PROT_WRITE) == 0 else {
            fatalError("out of memory: activations need \(max(1, bytes >> 20)) MiB; use a smaller batch or max_length")
        }
        usable = wanted
    }
}
