import Testing

@testable import Tensors

struct ArenaTests {
    @Test func `the same sequence of blocks takes the same places again`() {
        let arena = Arena()
        func places() -> [UnsafeMutablePointer<Float>] {
            let kept = arena.tensor([100])
            var bases = [kept.base]
            for count in [1, 1000, 64, 17] { bases.append(arena.tensor([count]).base) }
            return bases
        }
        let first = places()
        let peak = arena.peakCount
        #expect(places() == first)
        #expect(arena.peakCount == peak)
    }

    @Test func `live blocks never overlap and are aligned`() {
        let arena = Arena()
        var live: [Tensor] = []
        for round in 0..<500 {
            if round % 3 == 2 { live.remove(at: (round * 7919) % live.count) }
            live.append(arena.tensor([1 + (round * 104_729) % 300]))
            live[live.count - 1].base.update(repeating: Float(round), count: live[live.count - 1].count)
        }
        for tensor in live {
            #expect(Int(bitPattern: tensor.base) % 64 == 0)
            #expect(Set(tensor.elements).count == 1)
        }
    }

    @Test func `all blocks released leave nothing behind`() {
        let arena = Arena()
        var live = (0..<50).map { arena.tensor([$0 * 13]) }
        let peak = arena.peakCount
        while !live.isEmpty { live.remove(at: (live.count * 31) % live.count) }
        let whole = arena.tensor([peak])
        #expect(arena.peakCount == peak)
        #expect(whole.base == arena.tensor([0]).base - peak)
    }
}
