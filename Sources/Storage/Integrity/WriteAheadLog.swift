internal import POSIX

/// The write-ahead log beside a database (sqlite.org/fileformat2.html, section 4), read as SQLite recovers it.
///
/// SQLite takes the first frame whose checksum does not fit for the end of the log: what was committed behind it would be
/// lost without a word. Here such commits are looked for.
struct WriteAheadLog {
    private let path: String

    /// The log of a database file.
    init(database path: String) { self.path = "\(path)-wal" }

    /// Where the log breaks off although commits follow.
    struct Break: Equatable, CustomStringConvertible {
        /// From 1; 0 is the log's head.
        let frame: Int
        /// Those in the broken frame and behind it.
        fileprivate(set) var commits = 0

        /// Whether a power cut cannot have done it: that spoils at most the one commit that was not yet on the disk, and so
        /// not yet told to be done. The head is on the disk before any commit.
        var isDamage: Bool { frame == 0 || commits > 1 }

        var description: String {
            frame == 0
                ? "the head of the write-ahead log is damaged: all that is only in the log is lost"
                : "the write-ahead log is damaged at its frame \(frame): \(commits) commits are lost"
        }

        static func == (left: Break, right: Break) -> Bool { left.frame == right.frame }
    }

    /// Where it breaks off; nil where all commits in it can be recovered, or there is no log.
    ///
    /// - Complexity: O(size); memory is flat.
    func fault() throws(SystemCallError) -> Break? {
        guard var found = try scan() else { return nil }
        // While a server writes, a frame may be read before it is there, and those behind it afterwards. What is damaged
        // is so at the next look, too.
        while true {
            guard let next = try scan() else { return nil }
            if next == found { return found }
            found = next
        }
    }

    private func scan() throws(SystemCallError) -> Break? {
        let file: FileDescriptor
        do throws(SystemCallError) { file = try FileDescriptor.open(path) } catch {
            if error.isNoSuchFile { return nil }
            throw error
        }
        let head = try file.read(at: 0, upTo: 32)
        guard head.count == 32, try file.size() > 32 else { return nil }
        guard var sum = Checksum(head: head) else { return Break(frame: 0) }
        let pageSize = Checksum.word(head, at: 8)
        var broken: Break?
        var frame = 0
        while true {
            let length = 24 + pageSize
            let bytes = try file.read(at: 32 + frame * length, upTo: length)
            guard bytes.count == length else { break }
            frame += 1
            // Frames of an earlier round through the file have other salts.
            let isOfThisRound = bytes[8..<16] == head[16..<24]
            if broken == nil {
                sum.add(bytes[..<8])
                sum.add(bytes[24...])
                if isOfThisRound, sum.isStored(in: bytes, at: 16) { continue }
                broken = Break(frame: frame)
            }
            if isOfThisRound, Checksum.word(bytes, at: 4) != 0 { broken?.commits += 1 }
        }
        return (broken?.commits ?? 0) > 0 ? broken : nil
    }

    /// The sum over a log's head and the frames behind it.
    private struct Checksum {
        private var first: UInt32 = 0
        private var second: UInt32 = 0
        /// Whether words are summed with their first byte as the greatest; the log's machine has chosen.
        private let isBigEndian: Bool

        /// Begins with the log's head; nil where that is damaged.
        init?(head: [UInt8]) {
            let magic = Self.word(head, at: 0)
            guard magic & ~1 == 0x377F_0682 else { return nil }
            isBigEndian = magic & 1 == 1
            add(head[..<24])
            let pageSize = Self.word(head, at: 8)
            guard isStored(in: head, at: 24), pageSize >= 512, pageSize <= 65_536 else { return nil }
        }

        /// Takes in bytes, a multiple of eight.
        mutating func add(_ bytes: ArraySlice<UInt8>) {
            bytes.withUnsafeBytes { bytes in
                for offset in stride(from: 0, to: bytes.count, by: 8) {
                    let left = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                    let right = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                    first &+= (isBigEndian ? UInt32(bigEndian: left) : UInt32(littleEndian: left)) &+ second
                    second &+= (isBigEndian ? UInt32(bigEndian: right) : UInt32(littleEndian: right)) &+ first
                }
            }
        }

        func isStored(in bytes: [UInt8], at offset: Int) -> Bool {
            Self.word(bytes, at: offset) == Int(first) && Self.word(bytes, at: offset + 4) == Int(second)
        }

        /// A word of the file, whose first byte is the greatest.
        static func word(_ bytes: [UInt8], at offset: Int) -> Int {
            bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
