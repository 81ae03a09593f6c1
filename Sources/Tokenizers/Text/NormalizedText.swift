/// A piece of text after the normalizer, with the way back to where each part came from.
///
/// Source: `NormalizedString` of the Python package `tokenizers`; offsets are its alignments, counted in scalars.
struct NormalizedText: Sendable {
    /// The scalars of the whole original text that a byte was made from.
    struct Origin: Sendable {
        var start: Int32
        var end: Int32
    }

    /// The text in UTF-8.
    var bytes: [UInt8] = []
    /// For each byte: where it came from.
    var origins: [Origin] = []
    /// The position, in the whole original text, of the piece's first scalar.
    var base: Int32 = 0

    /// No text.
    init() {}

    /// An empty piece in the place of another, with room for so many bytes.
    init(replacing other: NormalizedText, capacity: Int) {
        base = other.base
        bytes.reserveCapacity(capacity)
        origins.reserveCapacity(capacity)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
    }

    /// Adds one byte that one scalar was made into.
    @inline(__always)
    mutating func append(byte: UInt8, origin: Int32) {
        append(byte: byte, origin: Origin(start: origin, end: origin + 1))
    }

    /// Adds one byte.
    @inline(__always)
    mutating func append(byte: UInt8, origin: Origin) {
        bytes.append(byte)
        origins.append(origin)
    }

    mutating func append(_ scalar: Unicode.Scalar, origin: Int32) {
        append(scalar, origin: Origin(start: origin, end: origin + 1))
    }

    mutating func append(_ scalar: Unicode.Scalar, origin: Origin) {
        if scalar.value < 0x80 { return append(byte: UInt8(scalar.value), origin: origin) }
        for byte in UTF8.encode(scalar)! { append(byte: byte, origin: origin) }
    }

    /// The original scalars that a range of bytes, not empty, was made from.
    func original(_ range: Range<Int>) -> Range<Int> {
        let last = min(range.upperBound, origins.count) - 1
        let start = Int(origins[min(range.lowerBound, last)].start)
        return start..<max(start, Int(origins[last].end))
    }

    /// Replaces the text by the piece of an original text, as it is.
    ///
    /// - Parameters:
    ///   - piece: valid UTF-8.
    ///   - origin: the position of its first scalar in the whole text.
    mutating func assign(_ piece: UnsafeBufferPointer<UInt8>, origin: Int) {
        removeAll()
        base = Int32(origin)
        bytes.append(contentsOf: piece)
        origins.reserveCapacity(piece.count)
        var next = base
        for byte in piece {
            if byte & 0xC0 != 0x80 { next += 1 }
            origins.append(Origin(start: next - 1, end: next))
        }
    }
}
