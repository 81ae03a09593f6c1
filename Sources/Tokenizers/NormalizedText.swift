/// A piece of text after the normalizer, with the way back to where each part came from.
struct NormalizedText {
    /// The text in UTF-8.
    var bytes: [UInt8] = []
    /// For each byte: the position, in scalars of the whole original text, of the scalar it was made from.
    var origins: [Int32] = []

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
    }

    /// Adds one byte.
    @inline(__always)
    mutating func append(byte: UInt8, origin: Int32) {
        bytes.append(byte)
        origins.append(origin)
    }

    mutating func append(_ scalar: Unicode.Scalar, origin: Int32) {
        for byte in UTF8.encode(scalar)! { append(byte: byte, origin: origin) }
    }

    /// The original scalars that a range of bytes, not empty, was made from.
    func original(_ range: Range<Int>) -> Range<Int> {
        Int(origins[range.lowerBound])..<(Int(origins[range.upperBound - 1]) + 1)
    }
}

extension NormalizedText {
    /// Appends a piece of text as it is.
    ///
    /// - Parameters:
    ///   - piece: valid UTF-8.
    ///   - origin: the position of its first scalar in the whole text.
    mutating func appendUnchanged(_ piece: UnsafeBufferPointer<UInt8>, origin: Int) {
        var next = Int32(origin)
        for byte in piece {
            if byte & 0xC0 != 0x80 { next += 1 }
            append(byte: byte, origin: next - 1)
        }
    }
}
