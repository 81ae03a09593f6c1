import Glibc

extension DurableFile {
    /// Copies a file to a name that is not taken, and waits until its content is on the disk. Where the file system can,
    /// the copy shares the original's blocks until one of the two changes (`FICLONE`, ioctl_ficlone(2)).
    ///
    /// The name is on the disk once the directory was synchronized.
    /// - Throws: `SystemCallError`; then a part of the copy may be there.
    /// - Complexity: O(size) without shared blocks; memory is flat.
    public static func copy(_ source: String, to target: String, mode: UInt32 = 0o600) throws(SystemCallError) {
        let from = try FileDescriptor.open(source)
        let to = try FileDescriptor.open(target, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        if ioctl(to.raw, shareBlocks, from.raw) != 0 {
            var offset = 0
            while true {
                let block = try from.read(at: offset, upTo: 1 << 20)
                if block.isEmpty { break }
                try to.write(all: block)
                offset += block.count
            }
        }
        try to.synchronize()
    }

    /// FICLONE of the Linux headers, a macro that Swift does not see.
    private static let shareBlocks: UInt = 0x4004_9409
}
