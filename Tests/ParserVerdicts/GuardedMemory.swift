import Glibc

/// Memory between two pages that cannot be touched: who reads beyond a piece that lies at its edge is stopped by the
/// system, whatever the program was built with.
package final class GuardedMemory {
    private let base: UnsafeMutableRawPointer
    private let pageSize: Int
    private let capacity: Int
    private var liesAtEnd = false

    /// Memory for pieces.
    ///
    /// - Parameter capacity: bytes of the largest piece.
    package init(capacity: Int = 1 << 20) {
        pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
        self.capacity = (capacity + pageSize - 1) / pageSize * pageSize
        let mapped = mmap(
            nil, self.capacity + 2 * pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED else { fatalError("no memory: \(String(cString: strerror(errno)))") }
        base = mapped
        let isGuarded =
            mprotect(base, pageSize, PROT_NONE) == 0
            && mprotect(base + pageSize + self.capacity, pageSize, PROT_NONE) == 0
        precondition(isGuarded, "pages cannot be protected")
    }

    deinit { munmap(base, capacity + 2 * pageSize) }

    /// A copy of bytes, in turn directly behind the first guard and directly before the last; until the next one.
    package func copy(of bytes: [UInt8], _ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.count <= capacity, "a piece of \(range.count) bytes is larger than \(capacity)")
        liesAtEnd.toggle()
        let start = base + pageSize + (liesAtEnd ? capacity - range.count : 0)
        bytes.withUnsafeBytes { start.copyMemory(from: $0.baseAddress! + range.lowerBound, byteCount: range.count) }
        return UnsafeRawBufferPointer(start: start, count: range.count)
    }
}
