internal import Foundation

/// The bytes of a data file, one buffer after another: plain, or unpacked where the file is a gzip file.
///
/// Not safe to be used by two threads at once.
final class ByteSource {
    private let path: String
    private let descriptor: Int32
    private var inflater: GzipInflater?
    /// What was read to look at, and not handed out yet.
    private var pending: [UInt8]
    private var isAtEnd = false

    /// Bytes that are read at once.
    static let bufferSize = 1 << 16

    /// Opens a file and looks whether it is a gzip file.
    ///
    /// - Parameter limits: of unpacking.
    init(path: String, limits: GzipLimits = GzipLimits()) throws(ReadingError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        pending = []
        guard descriptor >= 0 else { throw .system(.last("open", path)) }
        pending = try readFile()
        if GzipInflater.begins(pending) { inflater = try GzipInflater(limits: limits) }
    }

    deinit { close(descriptor) }

    /// The next bytes; empty at the end.
    func next() throws(ReadingError) -> [UInt8] {
        guard inflater != nil else { return try nextOfFile() }
        while true {
            if let unpacked = try inflater?.next(), !unpacked.isEmpty { return unpacked }
            let packed = try nextOfFile()
            guard !packed.isEmpty else {
                try inflater?.finish()
                return []
            }
            inflater?.take(packed)
        }
    }

    private func nextOfFile() throws(ReadingError) -> [UInt8] {
        guard pending.isEmpty else {
            defer { pending = [] }
            return pending
        }
        return try readFile()
    }

    private func readFile() throws(ReadingError) -> [UInt8] {
        while !isAtEnd {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.bufferSize) { buffer, filled in
                count = read(descriptor, buffer.baseAddress, buffer.count)
                filled = max(count, 0)
            }
            if count >= 0 {
                isAtEnd = count == 0
                return bytes
            }
            if errno != EINTR { throw .system(.last("read", path)) }
        }
        return []
    }
}

/// Why reading a file stopped.
enum ReadingError: Error, Equatable {
    /// A call to the system failed.
    case system(DatasetError)
    /// The file is damaged: a finding about the whole file.
    case damaged(reason: String, fix: String)
}

extension DatasetError {
    /// The error that `errno` tells of, right after a call failed.
    static func last(_ operation: String, _ path: String) -> DatasetError {
        let code = errno
        return .system(operation: operation, path: path, errno: code, message: String(cString: strerror(code)))
    }
}
