internal import CCrypto

extension Digest {
    /// The library that computes digests, as it names itself: `OpenSSL 3.0.15 3 Sep 2024`.
    public static var libraryVersion: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }
}
