internal import CCrypto

/// Keyed hashes of messages (HMAC, RFC 2104) with SHA-256, by libcrypto.
public enum HMAC {
    /// The 32 bytes that only who has the key can make of a message.
    public static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let result = CCrypto.HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length)
        precondition(result != nil && length == 32, "libcrypto has no HMAC: out of memory, or the library is broken")
        return code
    }
}
