/// The 32 bytes of a SHA-256 hash.
public struct Digest: Sendable, Hashable {
    /// The bytes.
    public let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The bytes in lower-case hexadecimal.
    public var hex: String { bytes.hex }
}
