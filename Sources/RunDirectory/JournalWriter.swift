internal import JSON
public import POSIX

/// Appends to `journal.jsonl`; the worker's side.
///
/// Lines are gathered and written together: the caller flushes about every 100 ms, and always where the daemon must
/// hear of something that is on the disk (``Durability/synchronized``).
public struct JournalWriter: ~Copyable {
    /// How sure it must be that a line survives.
    public enum Durability: Sendable {
        /// Written with the next flush.
        case buffered
        /// Written and synchronized with the disk before the call returns.
        case synchronized
    }

    private let file: FileDescriptor
    private var buffer: [UInt8] = []
    /// Bytes in the file, which are whole lines.
    private var length = 0
    private var nextSequence = 1

    /// A writer of a new, empty journal.
    ///
    /// - Throws: `SystemCallError` also where the journal is already there: an attempt has one worker.
    public init(_ directory: RunDirectory) throws(SystemCallError) {
        let file = try FileDescriptor.open(directory.journalPath, openFlags, mode: 0o600)
        try DurableFile.synchronizeDirectory(directory.path)
        self.file = file
    }

    /// Appends a line.
    ///
    /// - Parameter time: seconds since 1970.
    public mutating func append(
        _ content: JournalEntry.Content, time: Double, _ durability: Durability = .buffered
    ) throws(SystemCallError) {
        buffer += JournalEntry(sequence: nextSequence, time: time, content: content).json.bytes
        buffer.append(UInt8(ascii: "\n"))
        nextSequence += 1
        if durability == .synchronized { try synchronize() }
    }

    /// Writes what was gathered and waits until it is on the disk.
    public mutating func synchronize() throws(SystemCallError) {
        try flush()
        try file.synchronize()
    }

    /// Writes what was gathered.
    public mutating func flush() throws(SystemCallError) {
        guard !buffer.isEmpty else { return }
        do throws(SystemCallError) {
            try file.write(all: buffer)
        } catch {
            // On a full disk a part has been written, perhaps half a line. All of it is written again with the next
            // flush; behind the part it would be no journal any more.
            try file.truncate(to: length)
            throw error
        }
        length += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
