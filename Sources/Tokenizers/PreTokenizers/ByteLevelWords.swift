/// The words of GPT-2's pattern:
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
///
/// Source: `encoder.py` of GPT-2.
enum ByteLevelWords {
    /// Gives the words in a stretch of a text; together they cover it.
    static func cut(_ bytes: UnsafeBufferPointer<UInt8>, _ stretch: Range<Int>, _ piece: (Range<Int>) -> Void) {
        var position = stretch.lowerBound
        while position < stretch.upperBound {
            let end = wordEnd(bytes, position, stretch.upperBound)
            piece(position..<end)
            position = end
        }
    }

    private enum Kind { case letter, number, space, sign }

    @inline(__always)
    private static func kind(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> (kind: Kind, size: Int) {
        let byte = bytes[position]
        if byte < 0x80 {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A: return (.letter, 1)
            case 0x30...0x39: return (.number, 1)
            case 0x20, 0x09...0x0D: return (.space, 1)
            default: return (.sign, 1)
            }
        }
        let (scalar, size) = UTF8Reader.scalar(in: bytes, at: position)
        let kind = PatternClass.of(scalar)
        if kind.contains(.letter) { return (.letter, size) }
        if kind.contains(.number) { return (.number, size) }
        return (kind.contains(.whitespace) ? .space : .sign, size)
    }

    private static func wordEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        if bytes[start] == 0x27, let contraction = contractionEnd(bytes, start, end) { return contraction }
        var position = start
        var (first, size) = kind(bytes, position)
        if bytes[start] == 0x20, start + 1 < end {
            let next = kind(bytes, start + 1)
            if next.kind != .space {
                (first, size) = next
                position += 1
            }
        }
        position += size
        var last = size
        while position < end {
            let next = kind(bytes, position)
            guard next.kind == first else { break }
            last = next.size
            position += next.size
        }
        // White space before a word leaves its last scalar to the word, unless there is only one.
        if first == .space, position < end, position - last > start { return position - last }
        return position
    }

    private static func contractionEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        guard start + 1 < end else { return nil }
        switch bytes[start + 1] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
        default: break
        }
        guard start + 2 < end else { return nil }
        switch (bytes[start + 1], bytes[start + 2]) {
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return start + 3
        default: return nil
        }
    }
}
