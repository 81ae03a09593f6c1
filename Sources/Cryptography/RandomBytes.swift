internal import CCrypto

/// Random bytes that nobody can foresee, by libcrypto's generator.
public func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard RAND_bytes(&bytes, Int32(count)) == 1 else {
        fatalError("the system gives no random bytes")
    }
    return bytes
}
