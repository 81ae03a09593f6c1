/// The words of the pattern `\w+|[^\w\s]+`.
enum WhitespaceWords {
    /// Gives the words in a stretch of a text.
    static func cut(_ bytes: UnsafeBufferPointer<UInt8>, _ stretch: Range<Int>, _ piece: (Range<Int>) -> Void) {
        var start = stretch.lowerBound
        var kind = Kind.space
        var position = start
        while position < stretch.upperBound {
            let (scalar, size) = UTF8Reader.scalar(in: bytes, at: position)
            let next: Kind =
                scalar.isWordCharacter ? .word : scalar.properties.isWhitespace ? .space : .sign
            if next != kind {
                if kind != .space { piece(start..<position) }
                start = position
                kind = next
            }
            position += size
        }
        if kind != .space { piece(start..<position) }
    }

    private enum Kind { case word, sign, space }
}
