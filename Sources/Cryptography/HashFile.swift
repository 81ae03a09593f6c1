#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension SHA256 {
    /// The hash and the size of a file, read in pieces of 1 MiB.
    ///
    /// - Throws: ``HashFileError`` where the file cannot be opened or read.
    /// - Complexity: O(size); memory is flat.
    public static func hash(fileAt path: String) throws(HashFileError) -> (digest: Digest, bytes: Int) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw HashFileError(path: path, errno: errno) }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var hash = SHA256()
        var total = 0
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw HashFileError(path: path, errno: errno) }
            if count == 0 { return (hash.finalize(), total) }
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            total += count
        }
    }
}

/// A file that could not be hashed because it could not be read.
public struct HashFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The system's error number.
    public let errno: Int32

    /// The path and the system's words for the error.
    public var description: String { "cannot read \(path): \(String(cString: strerror(errno)))" }
}
