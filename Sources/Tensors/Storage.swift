/// A block of an ``Arena`` that returns to it when the last tensor in it goes.
final class Storage {
    let arena: Arena
    let block: Range<Int>
    let base: UnsafeMutablePointer<Float>

    init(_ arena: Arena, _ count: Int) {
        self.arena = arena
        block = arena.take(count)
        base = arena.address(block)
    }

    deinit { arena.giveBack(block) }
}
