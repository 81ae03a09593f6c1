/// BERT's pre-tokenizer: words end at white space, and every punctuation mark is a word of its own.
///
/// Source: `BertPreTokenizer` of the Python package `tokenizers`.
struct BertPreTokenizer: Sendable, Equatable {
    /// Gives the words of a normalized text in order, as ranges of bytes.
    func forEachWord(of bytes: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        var start = 0
        var position = 0
        while position < bytes.count {
            let (kind, size) = Self.kind(in: bytes, at: position)
            if kind != .letter {
                if start < position { body(start..<position) }
                start = position + size
                if kind == .punctuation { body(position..<start) }
            }
            position += size
        }
        if start < position { body(start..<position) }
    }

    private enum Kind { case letter, space, punctuation }

    @inline(__always)
    private static func kind(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (Kind, size: Int) {
        let byte = bytes[position]
        if byte < 0x80 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return (.letter, 1)
            case 0x20, 0x09...0x0D: return (.space, 1)
            case 0x21...0x7E: return (.punctuation, 1)
            default: return (.letter, 1)
            }
        }
        let (scalar, size) = UTF8Reader.scalar(in: bytes, at: position)
        let kind = ScalarClass.of(scalar)
        if kind.contains(.whitespace) { return (.space, size) }
        return (kind.contains(.punctuation) ? .punctuation : .letter, size)
    }
}
