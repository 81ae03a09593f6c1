/// A piece of a body of known length.
enum BodyPiece: Sendable {
    case bytes([UInt8])
    case file(OpenFile, offset: Int, length: Int)

    /// In bytes.
    var length: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(_, _, let length): length
        }
    }

    /// The bytes of a range of positions within it.
    func slice(_ range: Range<Int>) -> BodyPiece {
        switch self {
        case .bytes(let bytes): .bytes([UInt8](bytes[range]))
        case .file(let file, let offset, _): .file(file, offset: offset + range.lowerBound, length: range.count)
        }
    }
}

extension [BodyPiece] {
    /// The bytes of a range of positions.
    func slice(_ range: Range<Int>) -> [BodyPiece] {
        var pieces: [BodyPiece] = []
        var start = 0
        for piece in self {
            let part = range.clamped(to: start..<(start + piece.length))
            if !part.isEmpty { pieces.append(piece.slice((part.lowerBound - start)..<(part.upperBound - start))) }
            start += piece.length
        }
        return pieces
    }
}
