/// What a stage looks for in a text: a string, or a regular expression.
enum TextPattern: Sendable {
    case string([UInt8])
    case expression(RegularExpression)

    /// The steps of the expression; none where it is a string.
    var stepCount: Int { if case .expression(let expression) = self { expression.program.count } else { 0 } }

    /// The matches in a whole text, in order, as ranges of bytes.
    func matches(in bytes: [UInt8]) -> [Range<Int>] {
        bytes.withUnsafeBufferPointer { matches(in: $0, 0..<$0.count) }
    }

    /// The matches in a stretch of a text, which alone is looked at.
    func matches(in bytes: UnsafeBufferPointer<UInt8>, _ stretch: Range<Int>) -> [Range<Int>] {
        switch self {
        case .string(let needle): Self.occurrences(of: needle, in: bytes, stretch)
        case .expression(let expression): expression.matches(in: bytes, stretch)
        }
    }

    private static func occurrences(
        of needle: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, _ stretch: Range<Int>
    ) -> [Range<Int>] {
        guard let first = needle.first else { return [] }
        var found: [Range<Int>] = []
        var position = stretch.lowerBound
        while position + needle.count <= stretch.upperBound {
            if bytes[position] == first, needle.indices.allSatisfy({ bytes[position + $0] == needle[$0] }) {
                found.append(position..<position + needle.count)
                position += needle.count
            } else {
                position += 1
            }
        }
        return found
    }
}
