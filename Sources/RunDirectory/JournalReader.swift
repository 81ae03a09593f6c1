internal import POSIX
internal import JSON

/// Reads `journal.jsonl` from where the last reading ended; the daemon's side.
public struct JournalReader: Sendable {
    /// A reading: whole lines only, and where the next reading begins.
    public struct Batch: Sendable {
        /// The lines in order.
        public var entries: [JournalEntry]
        /// The byte offset behind the last of them.
        public var nextOffset: Int
    }

    /// How many bytes one reading takes at most.
    public static let batchBytes = 1 << 20

    private let path: String

    /// A reader of a run directory's journal.
    public init(_ directory: RunDirectory) {
        path = directory.journalPath
    }

    /// The whole lines from an offset on; none where the journal is not there yet, or ends in the middle of a line.
    ///
    /// - Parameter limit: how many bytes to read at most; a line that is longer is a fault of the worker.
    /// - Throws: ``RunDirectoryError`` where a line is not a journal entry.
    public func read(from offset: Int, limit: Int = Self.batchBytes) throws(RunDirectoryError) -> Batch {
        let bytes: [UInt8]
        do throws(SystemCallError) {
            let file = try FileDescriptor.open(path)
            // Most readings find nothing new: ask for the size before a buffer is made.
            let available = try file.size() - offset
            bytes = available > 0 ? try file.read(at: offset, upTo: min(available, limit)) : []
        } catch {
            if error.isNoSuchFile { return Batch(entries: [], nextOffset: offset) }
            throw RunDirectoryError(path: path, reason: error.reason)
        }
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            if bytes.count < limit { return Batch(entries: [], nextOffset: offset) }
            throw RunDirectoryError(path: path, reason: "a line at byte \(offset) is longer than \(limit) bytes")
        }
        var entries: [JournalEntry] = []
        for line in bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            entries.append(try entry(Array(line)))
        }
        return Batch(entries: entries, nextOffset: offset + end + 1)
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
