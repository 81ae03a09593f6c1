internal import POSIX
internal import JSON

/// Reads `journal.jsonl` from where the last reading ended; the daemon's side.
public struct JournalReader: Sendable {
    /// A reading: whole lines only, and where the next reading begins.
    public struct Batch: Sendable {
        /// The lines in order.
        public var entries: [JournalEntry] = []
        /// The byte offset behind each of them.
        public var ends: [Int] = []
        /// The byte offset behind the last of them.
        public var nextOffset: Int
    }

    /// How many bytes one reading takes, unless a single line is longer.
    public static let batchBytes = 1 << 20
    /// How many bytes a line may have: the confusion matrix of a few thousand labels has room.
    public static let longestLine = 1 << 26

    private let path: String

    /// A reader of a run directory's journal.
    public init(_ directory: RunDirectory) {
        path = directory.journalPath
    }

    /// The whole lines from an offset on; none where the journal is not there yet, or ends in the middle of a line.
    ///
    /// Lines before one that is no journal entry are still given: only the reading that begins with it fails.
    /// - Parameter limit: how many bytes to read, unless a single line is longer.
    /// - Throws: ``RunDirectoryError`` where a line is not a journal entry; `SystemCallError` where the file cannot be
    ///   read just now.
    public func read(from offset: Int, limit: Int = Self.batchBytes) throws -> Batch {
        var batch = Batch(nextOffset: offset)
        guard let bytes = try lines(from: offset, limit: limit) else { return batch }
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            do throws(RunDirectoryError) {
                batch.entries.append(try entry(Array(line)))
            } catch {
                if batch.entries.isEmpty { throw error }
                break
            }
            batch.nextOffset += line.count + 1
            batch.ends.append(batch.nextOffset)
        }
        return batch
    }

    /// The bytes of whole lines, without the last line's end; nil where there is no whole line.
    private func lines(from offset: Int, limit: Int) throws -> ArraySlice<UInt8>? {
        let file: FileDescriptor
        do throws(SystemCallError) {
            file = try FileDescriptor.open(path)
        } catch {
            if error.isNoSuchFile { return nil }
            throw error
        }
        // Most readings find nothing new: ask for the size before a buffer is made.
        let available = try file.size() - offset
        var size = limit
        while available > 0 {
            let bytes = try file.read(at: offset, upTo: min(available, size))
            if let end = bytes.lastIndex(of: UInt8(ascii: "\n")) { return bytes[..<end] }
            if size >= Self.longestLine {
                throw RunDirectoryError(path: path, reason: "the line at byte \(offset) is longer than \(size) bytes")
            }
            if size >= available { break }
            size = min(8 * size, Self.longestLine)
        }
        return nil
    }

    private func entry(_ line: [UInt8]) throws(RunDirectoryError) -> JournalEntry {
        do {
            return try JournalEntry(JSONCursor(JSONValue(parsing: line)))
        } catch {
            let start = String(decoding: line.prefix(80), as: UTF8.self)
            throw RunDirectoryError(path: path, reason: "not a journal entry (\(error)): \(start)")
        }
    }
}
