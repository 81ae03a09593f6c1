import Glibc
import POSIX

/// A file that is open for reading, shared by the pieces of a response.
final class OpenFile: Sendable {
    let descriptor: FileDescriptor
    /// Bytes, when it was opened.
    let size: Int

    /// - Throws: `SystemCallError`; `EISDIR` and the like for what is no regular file.
    init(path: String) throws(SystemCallError) {
        descriptor = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
        let status = try descriptor.status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemCallError(call: "open", code: EISDIR, path: path) }
        size = Int(status.st_size)
    }
}
