internal import FineTuning
internal import RunDirectory
internal import Storage

/// Takes the journal of one attempt into the database, from where the last time ended.
///
/// The line that tells the attempt's end is not taken in with the others: the offset stays before it until the job is
/// settled, so that a daemon that dies in between finds it again.
struct JournalIngester {
    /// What a look at the journal brought.
    enum Progress {
        /// No whole line is new.
        case nothing
        /// Lines were taken in; there may be more.
        case lines([JournalEntry])
        /// The attempt's end comes next.
        case ending(JournalEntry)
        /// The job does not run in this attempt any more.
        case superseded
    }

    private let reader: JournalReader
    private let path: String
    private let jobs: JobStore
    private let jobID: String
    private let attempt: Int
    /// How far the journal is taken in; nil where the database must be asked.
    private var offset: Int?
    /// The number of the line before; nil where it is not known.
    private var lastSequence: Int?

    init(_ directory: RunDirectory, jobs: JobStore, jobID: String, attempt: Int) {
        reader = JournalReader(directory)
        path = directory.journalPath
        self.jobs = jobs
        self.jobID = jobID
        self.attempt = attempt
    }

    /// Takes in what is new, at most one reading.
    ///
    /// - Throws: `RunDirectoryError` where the journal is no journal; else what stood in the way this
    ///   time; the next look may succeed.
    mutating func takeIn() async throws -> Progress {
        guard let from = try await currentOffset() else { return .superseded }
        let batch = try reader.read(from: from)
        guard !batch.entries.isEmpty else { return .nothing }
        let lines = try unbroken(batch.entries)
        let count = lines.firstIndex { $0.isEnding } ?? lines.count
        guard count > 0 else { return .ending(batch.entries[0]) }
        let (entries, to) = (Array(batch.entries.prefix(count)), batch.ends[count - 1])
        // Unknown until the database has said yes: an error may hide a commit.
        (offset, lastSequence) = (nil, nil)
        if try await jobs.ingest(entries, jobID: jobID, attempt: attempt, from: from, to: to) {
            (offset, lastSequence) = (to, entries[count - 1].sequence)
        }
        return .lines(entries)
    }

    private mutating func currentOffset() async throws -> Int? {
        if let offset { return offset }
        offset = try await jobs.journalOffset(jobID, attempt: attempt)
        if offset == 0 { lastSequence = 0 }
        return offset
    }

    /// The lines up to the first whose number does not follow on that of the one before.
    ///
    /// - Throws: `RunDirectoryError` where that is the first one.
    private func unbroken(_ entries: [JournalEntry]) throws -> ArraySlice<JournalEntry> {
        let first = lastSequence.map { $0 + 1 } ?? entries[0].sequence
        guard entries[0].sequence == first else {
            throw RunDirectoryError(
                path: path, reason: "line number \(first) is missing: \(entries[0].sequence) comes in its place")
        }
        let end = entries.indices.first { entries[$0].sequence - first != $0 }
        return entries[..<(end ?? entries.endIndex)]
    }
}

extension JournalEntry {
    /// Whether nothing comes behind it.
    fileprivate var isEnding: Bool {
        switch content {
        case .finished, .stopped, .failed: true
        case .started, .metrics, .evaluation, .checkpoint, .log: false
        }
    }
}
