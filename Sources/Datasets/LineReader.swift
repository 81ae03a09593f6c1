internal import Foundation

/// Reads a file line by line in bounded memory.
struct LineReader: ~Copyable {
    /// What comes next.
    enum Next: Equatable {
        case line(SourceLine)
        /// A line longer than the limit; nothing behind it is read.
        case tooLong(number: Int)
        case end
    }

    /// The longest line, in bytes: 1 MiB.
    static let defaultLimit = 1 << 20

    private let path: String
    private let limit: Int
    private let descriptor: Int32
    private var buffer: [UInt8]
    private var filled = 0
    private var position = 0
    private var number = 0
    private var isAtEnd = false

    /// Opens a file.
    ///
    /// - Parameter limit: the longest line, in bytes without its end.
    init(path: String, limit: Int = LineReader.defaultLimit) throws(DatasetError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", path) }
        self.descriptor = descriptor
        self.path = path
        self.limit = limit
        buffer = [UInt8](repeating: 0, count: 1 << 16)
    }

    deinit { close(descriptor) }

    /// The first bytes of the file, which stay to be read.
    mutating func peek() throws(DatasetError) -> ArraySlice<UInt8> {
        if position == filled { try fill() }
        return buffer[position..<filled]
    }

    /// The next line. Whoever gets `tooLong` or `end` does not ask again.
    mutating func next() throws(DatasetError) -> Next {
        var bytes: [UInt8] = []
        number += 1
        while true {
            if position == filled { try fill() }
            if isAtEnd { break }
            let rest = buffer[position..<filled]
            let end = rest.firstIndex(of: 0x0A)
            bytes.append(contentsOf: rest[..<(end ?? filled)])
            if bytes.count > limit + 1 { return .tooLong(number: number) }
            if let end {
                position = end + 1
                return line(bytes, endsWithLineFeed: true)
            }
            position = filled
        }
        return bytes.isEmpty ? .end : line(bytes, endsWithLineFeed: false)
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

    private mutating func fill() throws(DatasetError) {
        while !isAtEnd {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                position = 0
                filled = count
                isAtEnd = count == 0
                return
            }
            if errno != EINTR { throw .last("read", path) }
        }
    }
}

extension DatasetError {
    /// The error that `errno` tells of, right after a call failed.
    static func last(_ operation: String, _ path: String) -> DatasetError {
        let code = errno
        return .system(operation: operation, path: path, errno: code, message: String(cString: strerror(code)))
    }
}
