import CLinux
public import Glibc

/// The one owner of an open file descriptor; closes it when it goes out of scope.
///
/// Every descriptor made here has close-on-exec set, so that no child process inherits it.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number of the descriptor, valid for as long as this value lives.
    public let raw: Int32

    /// Takes over a descriptor: from now on this value closes it.
    public init(owning raw: Int32) {
        precondition(raw >= 0, "a file descriptor is not negative")
        self.raw = raw
    }

    /// Opens a file with `O_CLOEXEC`.
    ///
    /// - Parameters:
    ///   - flags: `O_RDONLY` and so on.
    ///   - mode: permissions of a file that is created by this call.
    public static func open(
        _ path: String, _ flags: Int32 = O_RDONLY, mode: UInt32 = 0o600
    ) throws(SystemCallError) -> FileDescriptor {
        let raw = try checked("open", path: path) { Glibc.open(path, flags | O_CLOEXEC, mode) }
        return FileDescriptor(owning: raw)
    }

    /// A new pipe: what is written to `write` comes out of `read`.
    public static func pipe() throws(SystemCallError) -> PipeEnds {
        var ends: [Int32] = [-1, -1]
        try checked("pipe2") { pipe2(&ends, O_CLOEXEC) }
        return PipeEnds(read: FileDescriptor(owning: ends[0]), write: FileDescriptor(owning: ends[1]))
    }

    /// Another descriptor of the same open file.
    public func duplicate() throws(SystemCallError) -> FileDescriptor {
        FileDescriptor(owning: try checked("fcntl(F_DUPFD_CLOEXEC)") { fcntl(raw, F_DUPFD_CLOEXEC, 3) })
    }

    /// Closes and reports an error that closing found (delayed writes, on some file systems).
    public consuming func close() throws(SystemCallError) {
        let raw = raw
        discard self
        // Linux releases the number even where close fails, EINTR included: it is never repeated.
        if Glibc.close(raw) != 0, errno != EINTR { throw .last("close") }
    }

    /// Hands the number to the caller, who closes it.
    public consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    deinit { _ = Glibc.close(raw) }
}

/// The two ends of a pipe.
@frozen public struct PipeEnds: ~Copyable, Sendable {
    /// The end to read from.
    public var read: FileDescriptor
    /// The end to write to.
    public var write: FileDescriptor
}
