import Testing
import Training

@Suite struct `The memory of activations` {
    @Test func `is a line through two measurements`() {
        var memory = ActivationMemory()
        memory.add(tokens: 100, bytes: 3000)
        memory.add(tokens: 200, bytes: 5000)
        memory.add(tokens: 200, bytes: 5000)
        #expect([100, 150, 200, 300].map { memory.bytes(tokens: $0) } == [3000, 4000, 5000, 7000])
    }

    @Test func `grows in proportion where only one size was measured`() {
        var memory = ActivationMemory()
        memory.add(tokens: 50, bytes: 1000)
        #expect(memory.bytes(tokens: 150) == 3000)
        memory.add(tokens: 50, bytes: 1200)
        #expect(memory.bytes(tokens: 100) == 2400)
    }

    @Test func `is never negative, and none before a measurement`() {
        var memory = ActivationMemory()
        #expect(memory.bytes(tokens: 100) == 0)
        memory.add(tokens: 100, bytes: 10)
        memory.add(tokens: 101, bytes: 1000)
        #expect(memory.bytes(tokens: 1) == 0)
    }
}
