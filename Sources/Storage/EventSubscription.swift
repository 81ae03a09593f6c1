public import FineTuning

/// Events of one job or of all, in their order, without gap or repetition; ends only when its task is cancelled.
///
/// Each element is a batch of one or more events.
public struct EventSubscription: AsyncSequence, Sendable {
    /// The batches.
    public typealias Element = [Event]

    let feed: EventFeed
    let jobID: String?
    let cursor: Int

    /// Begins to follow.
    public func makeAsyncIterator() -> Iterator { Iterator(feed: feed, jobID: jobID, cursor: cursor) }

    /// A follower, who remembers the last event that he saw.
    public struct Iterator: AsyncIteratorProtocol {
        let feed: EventFeed
        let jobID: String?
        /// The number of the last event seen.
        public private(set) var cursor: Int

        init(feed: EventFeed, jobID: String?, cursor: Int) {
            self.feed = feed
            self.jobID = jobID
            self.cursor = cursor
        }

        /// The next events; waits until there are some.
        ///
        /// - Throws: `SQLiteError` where older events cannot be read.
        public mutating func next() async throws -> [Event]? {
            try await feed.next(jobID: jobID, cursor: &cursor)
        }
    }
}
