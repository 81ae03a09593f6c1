import Synchronization

/// Makes identities of requests: `req_` and 16 hexadecimal digits, different for each request of a process and, with
/// overwhelming likelihood, between processes.
enum RequestIdentifier {
    private static let counter = Atomic<UInt64>(UInt64.random(in: .min ... .max))
    private static let digits = Array("0123456789abcdef".utf8)

    static func next() -> String {
        // splitmix64: a bijection, so distinct counts give distinct identities that do not look consecutive.
        var mixed = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return String(unsafeUninitializedCapacity: 20) { text in
            for (index, byte) in "req_".utf8.enumerated() { text[index] = byte }
            for index in 0..<16 { text[4 + index] = digits[Int(mixed >> UInt64(60 - 4 * index) & 15)] }
            return 20
        }
    }
}
