public import Glibc

extension FileDescriptor {
    /// Reads at most `buffer.count` bytes.
    ///
    /// - Returns: how many were read; 0 at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemCallError) -> Int {
        try checked("read") { Glibc.read(raw, buffer.baseAddress, buffer.count) }
    }

    /// Reads at most `count` bytes; an empty array is the end of the file.
    public func read(upTo count: Int) throws(SystemCallError) -> [UInt8] {
        var failure: SystemCallError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SystemCallError) {
                filled = try read(into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads at most `count` bytes of what a descriptor that does not wait has.
    ///
    /// - Returns: nil where there is nothing now; an empty array is the end of the file.
    public func read(availableUpTo count: Int) throws(SystemCallError) -> [UInt8]? {
        do throws(SystemCallError) {
            return try read(upTo: count)
        } catch {
            if error.code == EAGAIN { return nil }
            throw error
        }
    }

    /// Reads at most `count` bytes from a byte offset on, short only at the end of the file.
    public func read(at offset: Int, upTo count: Int) throws(SystemCallError) -> [UInt8] {
        var failure: SystemCallError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SystemCallError) {
                while filled < count {
                    let position = off_t(offset + filled)
                    let part = try checked("pread") {
                        pread(raw, buffer.baseAddress.map { $0 + filled }, count - filled, position)
                    }
                    if part == 0 { break }
                    filled += part
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads everything up to the end of the file.
    public func readToEnd() throws(SystemCallError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(try status().st_size))
        while true {
            let part = try read(upTo: 65536)
            if part.isEmpty { return bytes }
            bytes += part
        }
    }

    /// Writes all of `bytes`, in as many calls as it takes.
    public func write(all bytes: UnsafeRawBufferPointer) throws(SystemCallError) {
        FaultPoint.reach("before write", FaultPoint.path(of: raw))
        var offset = 0
        while offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            offset += try checked("write") { Glibc.write(raw, rest.baseAddress, rest.count) }
        }
        FaultPoint.reach("after write", FaultPoint.path(of: raw))
    }

    /// Writes all of `bytes`, in as many calls as it takes.
    public func write(all bytes: [UInt8]) throws(SystemCallError) {
        var failure: SystemCallError?
        bytes.withUnsafeBytes { buffer in
            do throws(SystemCallError) {
                try write(all: buffer)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Writes as much of `bytes` as a descriptor that does not wait has room for.
    ///
    /// - Returns: how many bytes were written.
    public func write(available bytes: UnsafeRawBufferPointer) throws(SystemCallError) -> Int {
        do throws(SystemCallError) {
            return try checked("write") { Glibc.write(raw, bytes.baseAddress, bytes.count) }
        } catch {
            if error.code == EAGAIN { return 0 }
            throw error
        }
    }

    /// Waits until what was written is on the disk.
    public func synchronize() throws(SystemCallError) {
        FaultPoint.reach("before fsync", FaultPoint.path(of: raw))
        try checked("fsync") { fsync(raw) }
        FaultPoint.reach("after fsync", FaultPoint.path(of: raw))
    }

    /// Cuts or extends the file to `length` bytes.
    public func truncate(to length: Int) throws(SystemCallError) {
        try checked("ftruncate") { ftruncate(raw, off_t(length)) }
    }

    /// The file's size in bytes.
    public func size() throws(SystemCallError) -> Int { Int(try status().st_size) }

    /// What the system knows of the file: size, kind, times.
    public func status() throws(SystemCallError) -> stat {
        var status = stat()
        try checked("fstat") { fstat(raw, &status) }
        return status
    }

    /// Makes reads and writes return instead of waiting.
    public func setNonBlocking() throws(SystemCallError) {
        let flags = try checked("fcntl(F_GETFL)") { fcntl(raw, F_GETFL) }
        try checked("fcntl(F_SETFL)") { fcntl(raw, F_SETFL, flags | O_NONBLOCK) }
    }
}
