/// Reads a file line by line in bounded memory.
///
/// Not safe to be used by two threads at once.
final class LineReader {
    /// What comes next.
    enum Next: Equatable {
        case line(SourceLine)
        /// A line longer than the limit; nothing behind it is read.
        case tooLong(number: Int)
        case end
    }

    /// The longest line, in bytes: 1 MiB.
    static let defaultLimit = 1 << 20

    /// The longest line, in bytes without its end.
    let limit: Int
    private let source: ByteSource
    private var buffer: [UInt8] = []
    private var position = 0
    private var number = 0

    /// Opens a file.
    ///
    /// - Parameter limit: the longest line, in bytes without its end.
    convenience init(path: String, limit: Int = LineReader.defaultLimit) throws(ReadingError) {
        self.init(try ByteSource(path: path), limit: limit)
    }

    /// Reads a file's bytes.
    init(_ source: ByteSource, limit: Int = LineReader.defaultLimit) {
        self.source = source
        self.limit = limit
    }

    /// The first bytes of the file, which stay to be read: at least `count` of them, where the file has so many.
    func peek(_ count: Int = 1) throws(ReadingError) -> ArraySlice<UInt8> {
        while buffer.count - position < count {
            let more = try source.next()
            if more.isEmpty { break }
            buffer.removeSubrange(..<position)
            position = 0
            buffer.append(contentsOf: more)
        }
        return buffer[position...]
    }

    /// The next byte; nil at the end.
    func nextByte() throws(ReadingError) -> UInt8? {
        guard try hasMore() else { return nil }
        defer { position += 1 }
        return buffer[position]
    }

    /// The next line. Whoever gets `tooLong` or `end` does not ask again.
    func next() throws(ReadingError) -> Next {
        var bytes: [UInt8] = []
        number += 1
        while try hasMore() {
            let start = position
            let end = buffer.withUnsafeBufferPointer { Self.lineFeed(in: $0, from: start) }
            bytes.append(contentsOf: buffer[start..<(end ?? buffer.count)])
            if bytes.count > limit + 1 { return .tooLong(number: number) }
            if let end {
                position = end + 1
                return line(bytes, endsWithLineFeed: true)
            }
            position = buffer.count
        }
        return bytes.isEmpty ? .end : line(bytes, endsWithLineFeed: false)
    }

    private static func lineFeed(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var position = start
        while position < bytes.count {
            if bytes[position] == 0x0A { return position }
            position += 1
        }
        return nil
    }

    private func line(_ bytes: [UInt8], endsWithLineFeed: Bool) -> Next {
        var bytes = bytes
        var ending: [UInt8] = endsWithLineFeed ? [0x0A] : []
        if endsWithLineFeed, bytes.last == 0x0D {
            bytes.removeLast()
            ending = [0x0D, 0x0A]
        }
        guard bytes.count <= limit else { return .tooLong(number: number) }
        if number == 1 { bytes = Array(bytes.trimmingByteOrderMark) }
        return .line(SourceLine(number: number, bytes: bytes, ending: ending))
    }

    private func hasMore() throws(ReadingError) -> Bool {
        if position < buffer.count { return true }
        return try fill()
    }

    private func fill() throws(ReadingError) -> Bool {
        buffer = try source.next()
        position = 0
        return !buffer.isEmpty
    }
}
