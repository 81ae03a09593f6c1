import Foundation
import POSIX

/// A file system of a few mebibytes in memory.
final class SmallDisk: Sendable {
    let path: String

    /// Whether this process may make one.
    static let isPermitted: Bool = {
        do {
            _ = try SmallDisk(mebibytes: 1)
            return true
        } catch {
            return false
        }
    }()

    init(mebibytes: Int) throws {
        path = NSTemporaryDirectory() + "small-disk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
            throw SystemCallError(call: "mount", code: errno, path: path)
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(atPath: path)
    }

    private var filler: String { "\(path)/filler" }

    /// Takes all room but so many bytes.
    func fill(leaving rest: Int = 0) throws {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw SystemCallError(call: "statvfs", code: errno, path: path) }
        let room = Int(status.f_bavail) * Int(status.f_frsize) - rest
        try FileDescriptor.open(filler, O_WRONLY | O_CREAT).write(all: Array(repeating: 0, count: room))
    }

    /// Gives it back.
    func empty() throws { try FileManager.default.removeItem(atPath: filler) }
}
