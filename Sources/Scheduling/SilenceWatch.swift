internal import RunDirectory

/// Notices when a worker is silent for longer than it may be.
struct SilenceWatch: Sendable {
    private var limit: SilenceLimit
    private var lastWord = SuspendingClock.now

    init(limit: SilenceLimit) { self.limit = limit }

    /// Lines came.
    mutating func see(_ entries: [JournalEntry]) {
        for entry in entries { limit.see(entry) }
        lastWord = .now
    }

    /// How long the silence may last, where it has lasted longer; else nil.
    var isOver: Duration? {
        let allowed = limit.allowed
        return .now - lastWord > allowed ? allowed : nil
    }
}
