internal import Cryptography
internal import Foundation
internal import POSIX

/// How fast checkpoints are written: to the disk, hashed, and read back to be proven.
enum CheckpointRate {
    /// Enough to outweigh the start of a transfer, and done in a fraction of a second on most disks.
    private static let bytes = 16 << 20

    /// Writes and reads a file without a name in the system's directory for temporary files.
    ///
    /// - Returns: bytes a second.
    /// - Throws: `SystemCallError` where that is not possible.
    static func measure() throws(SystemCallError) -> Double {
        let path = FileManager.default.temporaryDirectory.path + "/checkpoint-\(UUID().uuidString)"
        let file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        unlink(path)
        let content = [UInt8](repeating: 0, count: bytes)
        let clock = ContinuousClock()
        let start = clock.now
        try file.write(all: content)
        try file.synchronize()
        _ = SHA256.hash(try file.read(at: 0, upTo: bytes))
        _ = try file.read(at: 0, upTo: bytes) == content
        return Double(bytes) / ((clock.now - start) / .seconds(1))
    }
}
