/// Which two tokens merge into which, and how early: an open-addressing hash table.
struct MergeTable: Sendable {
    /// What two tokens become.
    struct Merge: Sendable {
        /// Lower ranks merge first.
        let rank: Int32
        let id: Int32
    }

    /// Keys `left << 32 | right`, plus 1 so that 0 marks a free slot.
    private var keys: [UInt64]
    private var merges: [Merge]

    /// A table with room for a number of merges.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        keys = [UInt64](repeating: 0, count: size)
        merges = [Merge](repeating: Merge(rank: 0, id: 0), count: size)
    }

    /// Adds a merge, no more of them than the table has room for; of the same two tokens the last one counts.
    mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
        let slot = slot(of: Self.key(left, right))
        keys[slot] = Self.key(left, right)
        merges[slot] = merge
    }

    /// What two tokens become, or nil.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        let slot = slot(of: Self.key(left, right))
        return keys[slot] == 0 ? nil : merges[slot]
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right)) + 1
    }

    /// Fibonacci hashing, then the next free slot.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }
}
