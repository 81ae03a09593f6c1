import Cryptography

/// Digests for expectations.
enum Hash {
    static func sha256(_ text: String) -> String { SHA256.hash(text).hex }
}
