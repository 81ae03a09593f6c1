/// Recorded operations of different types, laid end to end in memory of their own and taken off from the top.
///
/// An array of existentials would ask for memory for every operation of every step.
struct NodeStack: ~Copyable {
    /// Where a node lies. Nodes are moved by their bytes when the memory grows, as Swift moves structures.
    private struct Entry {
        let type: any Node.Type
        let offset: Int
    }

    /// A node that was taken off.
    struct Recorded {
        fileprivate let type: any Node.Type
        fileprivate let memory: UnsafeMutableRawPointer

        /// Walks back through the node, which is then gone.
        func walkBack(_ tape: Tape) { type.takeBackward(memory, tape) }
    }

    private var entries: [Entry] = []
    private var memory = UnsafeMutableRawPointer.allocate(byteCount: 1 << 14, alignment: 16)
    private var capacity = 1 << 14
    private var end = 0

    deinit {
        for entry in entries { entry.type.destroy(memory + entry.offset) }
        memory.deallocate()
    }

    mutating func push<N: Node>(_ node: N) {
        let offset = (end + 15) / 16 * 16
        end = offset + MemoryLayout<N>.size
        if end > capacity { grow() }
        (memory + offset).initializeMemory(as: N.self, to: node)
        entries.append(Entry(type: N.self, offset: offset))
    }

    private mutating func grow() {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: 2 * end, alignment: 16)
        larger.copyMemory(from: memory, byteCount: capacity)
        memory.deallocate()
        (memory, capacity) = (larger, 2 * end)
    }

    /// Takes the topmost node off; it must be walked before another is pushed.
    mutating func popLast() -> Recorded? {
        guard let entry = entries.popLast() else { return nil }
        end = entry.offset
        return Recorded(type: entry.type, memory: memory + entry.offset)
    }

    mutating func removeAll() {
        while let entry = entries.popLast() { entry.type.destroy(memory + entry.offset) }
        end = 0
    }
}

extension Node {
    /// Moves a node out of memory and walks through it.
    fileprivate static func takeBackward(_ memory: UnsafeMutableRawPointer, _ tape: Tape) {
        memory.assumingMemoryBound(to: Self.self).move().backward(tape)
    }

    fileprivate static func destroy(_ memory: UnsafeMutableRawPointer) {
        memory.assumingMemoryBound(to: Self.self).deinitialize(count: 1)
    }
}
