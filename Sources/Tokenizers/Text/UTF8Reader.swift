/// Reads scalars from valid UTF-8.
enum UTF8Reader {
    /// The scalar that begins at a position, and the number of its bytes.
    ///
    /// - Parameter bytes: valid UTF-8, as every Swift string gives it.
    @inline(__always)
    static func scalar(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (scalar: Unicode.Scalar, size: Int) {
        let first = UInt32(bytes[position])
        if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
        func next(_ distance: Int) -> UInt32 { UInt32(bytes[position + distance] & 0x3F) }
        let (value, size): (UInt32, Int) =
            if first < 0xE0 {
                ((first & 0x1F) << 6 | next(1), 2)
            } else if first < 0xF0 {
                ((first & 0x0F) << 12 | next(1) << 6 | next(2), 3)
            } else {
                ((first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
            }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", size)
    }

    /// The scalar that ends before a position, and the number of its bytes; nil at the beginning.
    static func scalar(
        in bytes: UnsafeBufferPointer<UInt8>, before end: Int
    ) -> (scalar: Unicode.Scalar, size: Int)? {
        guard end > 0 else { return nil }
        var start = end - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return scalar(in: bytes, at: start)
    }

    /// The number of scalars.
    static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
