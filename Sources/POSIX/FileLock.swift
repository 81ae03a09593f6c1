import Glibc

/// An exclusive lock on a file, held for as long as this object lives and lost with the process.
///
/// It is an open file description lock (`F_OFD_SETLK`, fcntl(2)): like flock(2) it belongs to the open file, so that
/// two owners in one process exclude each other and closing an unrelated descriptor does not drop it. Unlike flock it
/// can be asked after without being taken, so that a watcher never gets in the way of the owner.
public final class FileLock: Sendable {
    /// The file that is locked.
    public let path: String
    private let descriptor: FileDescriptor
    /// The number of the open file. A child that is given it as a standard descriptor holds the lock, too.
    public var raw: Int32 { descriptor.raw }

    private init(path: String, descriptor: consuming FileDescriptor) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Takes the lock, creating the file where it is missing, without waiting.
    ///
    /// - Returns: nil where someone else holds it.
    public static func tryAcquire(_ path: String) throws(SystemCallError) -> FileLock? {
        let descriptor = try FileDescriptor.open(path, O_RDWR | O_CREAT, mode: 0o600)
        var range = wholeFile()
        if fcntl(descriptor.raw, setLock, &range) == 0 { return FileLock(path: path, descriptor: descriptor) }
        if errno == EAGAIN || errno == EACCES { return nil }
        throw .last("fcntl(F_OFD_SETLK)", path: path)
    }

    /// Whether someone, this process included, holds the lock. A missing file is not locked.
    public static func isHeld(_ path: String) throws(SystemCallError) -> Bool {
        let raw = open(path, O_RDWR | O_CLOEXEC)
        if raw < 0 {
            if errno == ENOENT { return false }
            throw .last("open", path: path)
        }
        let descriptor = FileDescriptor(owning: raw)
        var range = wholeFile()
        try checked("fcntl(F_OFD_GETLK)", path: path) { fcntl(descriptor.raw, getLock, &range) }
        return range.l_type != Int16(F_UNLCK)
    }

    /// F_OFD_GETLK and F_OFD_SETLK of the Linux headers, which are behind a macro that Swift does not see.
    private static let getLock: Int32 = 36
    private static let setLock: Int32 = 37

    private static func wholeFile() -> flock {
        flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
    }
}
