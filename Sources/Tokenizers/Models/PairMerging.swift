/// The symbols of a word while pairs of them merge, in a linked list, with a heap of the merges that are possible.
///
/// Source: `Word::merge_all` of the Python package `tokenizers`.
struct PairMerging: Sendable {
    private struct Symbol {
        var id: Int32
        var length: Int32
        var previous: Int32
        var next: Int32
    }

    private struct Candidate {
        let rank: Int32
        let position: Int32
        let id: Int32

        @inline(__always)
        func comes(before other: Candidate) -> Bool {
            rank != other.rank ? rank < other.rank : position < other.position
        }
    }

    private var symbols: [Symbol] = []
    private var heap: [Candidate] = []

    mutating func removeAll() {
        symbols.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
    }

    /// Adds a symbol behind the others.
    ///
    /// - Parameter length: in bytes of the word.
    mutating func append(_ id: Int32, length: Int) {
        let place = Int32(symbols.count)
        if place > 0 { symbols[Int(place) - 1].next = place }
        symbols.append(Symbol(id: id, length: Int32(length), previous: place - 1, next: -1))
    }

    /// Merges pairs, the lowest rank first and from the left, until none is left.
    mutating func mergeAll(_ table: MergeTable) {
        for position in symbols.indices.dropLast() { consider(Int32(position), table) }
        while let top = popFirst() {
            let position = Int(top.position)
            guard symbols[position].length > 0, symbols[position].next >= 0 else { continue }
            let next = Int(symbols[position].next)
            let right = symbols[next]
            // The pair may have changed since it was put on the heap.
            guard let merge = table.merge(symbols[position].id, right.id), merge.id == top.id else { continue }
            symbols[position].id = top.id
            symbols[position].length += right.length
            symbols[position].next = right.next
            symbols[next].length = 0
            if right.next >= 0 { symbols[Int(right.next)].previous = top.position }
            if symbols[position].previous >= 0 { consider(symbols[position].previous, table) }
            if symbols[position].next >= 0 { consider(top.position, table) }
        }
    }

    /// Gives the symbols that are left, with their lengths.
    func forEach(_ body: (_ id: Int32, _ length: Int) -> Void) {
        var position = symbols.isEmpty ? -1 : 0
        while position >= 0 {
            body(symbols[position].id, Int(symbols[position].length))
            position = Int(symbols[position].next)
        }
    }

    @inline(__always)
    private mutating func consider(_ position: Int32, _ table: MergeTable) {
        let next = Int(symbols[Int(position)].next)
        guard let merge = table.merge(symbols[Int(position)].id, symbols[next].id) else { return }
        push(Candidate(rank: merge.rank, position: position, id: merge.id))
    }

    private mutating func push(_ candidate: Candidate) {
        var child = heap.count
        heap.append(candidate)
        while child > 0 {
            let parent = (child - 1) / 2
            guard candidate.comes(before: heap[parent]) else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = candidate
    }

    private mutating func popFirst() -> Candidate? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return last }
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].comes(before: heap[child]) { child += 1 }
            guard heap[child].comes(before: last) else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = last
        return first
    }
}
