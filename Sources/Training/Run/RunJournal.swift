internal import Foundation
public import RunDirectory

/// The worker's journal: gathers lines for at most 100 ms, and lets a watcher see each entry.
public final class RunJournal {
    /// How long a line may wait before it is written.
    static let longestWait = Duration.milliseconds(100)

    private var writer: JournalWriter
    private let watch: (JournalEntry.Content) -> Void
    private let clock = ContinuousClock()
    private var lastFlush: ContinuousClock.Instant
    private var lastAppend: ContinuousClock.Instant

    /// A new journal in a run directory.
    ///
    /// - Parameter watch: called with each entry, for a progress display.
    /// - Throws: `SystemCallError` also where the run directory has a journal already.
    public init(_ directory: RunDirectory, watch: @escaping (JournalEntry.Content) -> Void) throws {
        writer = try JournalWriter(directory)
        self.watch = watch
        lastFlush = clock.now
        lastAppend = lastFlush
    }

    /// Appends an entry, and writes what was gathered if the next entry would come too late for it.
    public func append(_ content: JournalEntry.Content) throws {
        try writer.append(content, time: Date().timeIntervalSince1970, .buffered)
        let now = clock.now
        // The next line is expected after as long as this one took.
        if now - lastFlush + (now - lastAppend) >= Self.longestWait { try flush() }
        lastAppend = now
        watch(content)
    }

    /// Appends an entry and waits until it and all before it are on the disk.
    public func appendDurably(_ content: JournalEntry.Content) throws {
        try writer.append(content, time: Date().timeIntervalSince1970, .synchronized)
        lastFlush = clock.now
        lastAppend = lastFlush
        watch(content)
    }

    /// Writes what was gathered.
    public func flush() throws {
        try writer.flush()
        lastFlush = clock.now
    }

    /// Waits until all entries are on the disk.
    public func synchronize() throws {
        try writer.synchronize()
        lastFlush = clock.now
    }
}
