import Cryptography
import FineTuning
import HTTP

/// A tar archive (POSIX ustar, IEEE Std 1003.1 "pax") of files on disk, laid out without copying them.
///
/// The archive is headers in memory and ranges of files, so its length is known before the first byte, any range of it
/// can be asked for, and the same files give the same bytes and the same entity tag. A library such as libarchive
/// writes archives from front to back only: it can give neither the length nor the bytes from an offset on.
struct TarArchive {
    /// A file to be put in.
    struct Entry {
        /// Its name in the archive, below the directory; at most 100 bytes.
        let name: String
        /// Where it lies.
        let path: String
        let bytes: Int
        let sha256: String
    }

    private static let block = 512

    /// The pieces of the archive in order.
    let segments: [FileBody.Segment]
    /// Its size in bytes.
    let bytes: Int
    /// A digest of all names, sizes, times and contents.
    let entityTag: String

    /// An archive of one directory.
    ///
    /// - Parameters:
    ///   - directory: the directory's name, at most 100 bytes, made of letters, digits, `.`, `_` and `-`.
    ///   - modified: the time of every entry; seconds since 1970.
    ///
    /// - Throws: where a name does not fit a header.
    init(directory: String, entries: [Entry], modified: Int) throws {
        if let long = ([directory + "/"] + entries.map(\.name)).first(where: { $0.utf8.count > 100 }) {
            throw APIError(.internalServerError, code: "internal_error", "the name \"\(long)\" is too long for tar")
        }
        var segments: [FileBody.Segment] = []
        var pending = Self.header(name: directory + "/", bytes: 0, modified: modified, kind: "5", mode: 0o755)
        var total = 0
        var digest = SHA256()
        for entry in entries {
            pending += Self.header(
                name: entry.name, prefix: directory, bytes: entry.bytes, modified: modified, kind: "0", mode: 0o644)
            digest.update(pending)
            digest.update(Array(entry.sha256.utf8))
            total += pending.count + entry.bytes
            segments.append(.bytes(pending))
            segments.append(.file(path: entry.path, offset: 0, length: entry.bytes))
            pending = [UInt8](repeating: 0, count: (Self.block - entry.bytes % Self.block) % Self.block)
        }
        pending += [UInt8](repeating: 0, count: 2 * Self.block)
        digest.update(pending)
        segments.append(.bytes(pending))
        self.segments = segments
        bytes = total + pending.count
        entityTag = digest.finalize().hex
    }

    /// A header block: fields of fixed width, numbers in octal, and a checksum over the block with its own field blank.
    private static func header(
        name: String, prefix: String = "", bytes: Int, modified: Int, kind: Character, mode: Int
    ) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: block)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put(octal(mode, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        header.replaceSubrange(124..<136, with: size(bytes))
        put(octal(max(0, modified), digits: 11), at: 136)
        put("        ", at: 148)
        put(String(kind), at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(prefix, at: 345)
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
        return header
    }

    /// 11 octal digits and a NUL; beyond 8 GiB the binary form that GNU tar, bsdtar and Python read (first bit set).
    private static func size(_ bytes: Int) -> [UInt8] {
        if bytes < 1 << 33 { return Array(octal(bytes, digits: 11).utf8) + [0] }
        return [0x80, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: bytes >> (56 - 8 * $0)) }
    }

    private static func octal(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
