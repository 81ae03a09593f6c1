import Cryptography
import Foundation
import Glibc
import POSIX

/// A file on its way in: written below `tmp/` and hashed as it comes.
///
/// Unless it was moved away it is deleted with this object, so an upload that breaks off leaves nothing behind.
final class IncomingFile {
    /// Where it lies.
    let path: String
    private let descriptor: FileDescriptor
    private var hash: SHA256? = SHA256()
    private var unsynchronized = 0
    /// Bytes so far.
    private(set) var bytes = 0

    /// What is written at once before the disk is waited for: it keeps the wait at the end short, and memory flat.
    private static let stretch = 32 << 20

    init(path: String) throws {
        self.path = path
        descriptor = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    }

    deinit {
        unlink(path)
    }

    /// Adds bytes.
    ///
    /// - Returns: whether a stretch was just brought to the disk, when it is time to look at the free space.
    func append(_ piece: [UInt8]) throws -> Bool {
        try descriptor.write(all: piece)
        hash?.update(piece)
        bytes += piece.count
        unsynchronized += piece.count
        guard unsynchronized >= Self.stretch else { return false }
        try descriptor.synchronize()
        unsynchronized = 0
        return true
    }

    /// The SHA-256 of all bytes, in hexadecimal; asked for once, at the end.
    func digest() -> String {
        guard let hash = hash.take() else { preconditionFailure("the digest of a file is asked for once") }
        return hash.finalize().hex
    }
}
