import Glibc

/// One block of zeroed float memory for the life of a model: all parameters, all gradients or all moments.
///
/// A single block lets the optimizer stream over every parameter in one pass and lets the system use large pages.
public final class Slab {
    /// The first element; aligned to a page.
    public let base: UnsafeMutablePointer<Float>
    /// Number of floats.
    public let count: Int
    private let bytes: Int

    /// Maps `count` zeroed floats; stops the process when the system has no address space left.
    public init(count: Int) {
        self.count = count
        bytes = max(count * MemoryLayout<Float>.stride, 1)
        let mapping = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapping, mapping != MAP_FAILED else {
            fatalError("out of memory: \(bytes >> 20) MiB for model state; use a smaller model or free memory")
        }
        madvise(mapping, bytes, MADV_HUGEPAGE)
        base = mapping.bindMemory(to: Float.self, capacity: count)
    }

    deinit { munmap(base, bytes) }

    /// All elements.
    public var elements: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: base, count: count) }
}
