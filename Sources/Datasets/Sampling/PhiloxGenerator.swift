/// A counter-based generator: its numbers are a pure function of key, stream and position.
///
/// Philox 4×32 with 10 rounds; Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
struct PhiloxGenerator: RandomNumberGenerator {
    private let key: SIMD2<UInt32>
    private let stream: UInt64
    private var position: UInt64 = 0
    private var spare: UInt64?

    /// A generator at the start of a stream.
    init(seed: UInt64, stream: UInt64) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        self.stream = stream
    }

    mutating func next() -> UInt64 {
        if let number = spare {
            spare = nil
            return number
        }
        let block = Self.block(
            counter: SIMD4(
                UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32),
                UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)), key: key)
        position += 1
        spare = UInt64(block[3]) << 32 | UInt64(block[2])
        return UInt64(block[1]) << 32 | UInt64(block[0])
    }

    /// A number from 0 up to, not including, `bound`, each as likely (Lemire 2019).
    mutating func number(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "there is no number below 0")
        while true {
            let product = next().multipliedFullWidth(by: bound)
            // Rejects the few low parts that would make some numbers likelier.
            if product.low >= bound || product.low >= (0 &- bound) % bound { return product.high }
        }
    }

    /// Puts elements in a random order (Fisher–Yates).
    mutating func shuffle<Element>(_ elements: inout [Element]) {
        guard elements.count > 1 else { return }
        for last in (1..<elements.count).reversed() {
            elements.swapAt(last, Int(number(below: UInt64(last + 1))))
        }
    }

    /// The four numbers of a counter.
    static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var (counter, key) = (counter, key)
        for _ in 0..<10 {
            let first = UInt32(0xD251_1F53).multipliedFullWidth(by: counter[0])
            let second = UInt32(0xCD9E_8D57).multipliedFullWidth(by: counter[2])
            counter = SIMD4(
                second.high ^ counter[1] ^ key[0], second.low, first.high ^ counter[3] ^ key[1], first.low)
            key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
        }
        return counter
    }
}
