internal import Foundation

/// A whole file mapped read-only into memory, unmapped when the value ends.
struct MappedFile: ~Copyable {
    /// The file's bytes; empty for an empty file.
    let bytes: UnsafeRawBufferPointer

    /// Maps a regular file.
    ///
    /// - Throws: ``SafetensorsError/system(operation:path:errno:message:)``.
    init(path: String) throws(SafetensorsError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last("stat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .system(operation: "map", path: path, errno: EINVAL, message: "it is not a regular file")
        }
        let size = Int(status.st_size)
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw .last("map", path)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        if let start = bytes.baseAddress {
            munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
        }
    }
}

// The mapping is private, read-only and never changes between init and deinit.
extension MappedFile: @unchecked Sendable {}

extension SafetensorsError {
    /// The error that `errno` tells of, right after a call failed.
    static func last(_ operation: String, _ path: String) -> SafetensorsError {
        let code = errno
        return .system(operation: operation, path: path, errno: code, message: String(cString: strerror(code)))
    }
}
