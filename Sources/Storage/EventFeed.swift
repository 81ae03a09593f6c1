internal import FineTuning
internal import JSON
internal import SQLite
internal import Synchronization

/// Hands committed events to those who follow them.
///
/// The last events are kept in memory, as many as `capacity` holds; whoever is further behind reads from the database.
/// So a slow follower costs nothing and misses nothing: what he holds is only the number of the last event he saw.
public final class EventFeed: Sendable {
    private struct Waiter {
        let jobID: String?
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        /// The last events, rising by sequence number.
        var recent: [Event] = []
        /// The sum of the sizes of `recent`.
        var size = 0
        /// The number of the last event; also where `recent` is empty.
        var last: Int
        var waiters: [Int: Waiter] = [:]
        var waitersOfJob: [String: Set<Int>] = [:]
        var waitersOfAll: Set<Int> = []
        var nextWaiter = 0

        /// Lets go of the oldest events until the others are no larger together than `limit`.
        mutating func forget(downTo limit: Int) {
            var count = 0
            while size > limit {
                size -= recent[count].data.size
                count += 1
            }
            recent.removeFirst(count)
        }
    }

    /// What a follower finds when he looks.
    private enum Look {
        case events([Event], upTo: Int)
        case behind
        case nothing
    }

    private let state: Mutex<State>
    private let pool: ConnectionPool
    private let capacity: Int
    private static let batch = 100

    /// - Parameter capacity: how many JSON values the events in memory may have together, about: those of some two
    ///   thousand steps, or of one confusion matrix of 180 labels.
    init(pool: ConnectionPool, lastSequence: Int, capacity: Int = 32_768) {
        self.pool = pool
        self.capacity = capacity
        state = Mutex(State(last: lastSequence))
    }

    /// The number of the last committed event; 0 where there is none.
    public var lastSequence: Int { state.withLock { $0.last } }

    /// Events behind a sequence number, those that are there and those to come.
    ///
    /// - Parameters:
    ///   - jobID: nil for the events of all jobs.
    ///   - after: the last event that is already known; 0 for all.
    public func subscribe(jobID: String? = nil, after: Int) -> EventSubscription {
        EventSubscription(feed: self, jobID: jobID, cursor: after)
    }

    /// Tells followers of events that have just been committed.
    func publish(_ events: [Event]) {
        guard let first = events.first, let last = events.last else { return }
        let size = events.reduce(0) { $0 + $1.data.size }
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            // A commit that reported an error and was one all the same: the database has what was not published.
            if first.sequence != state.last + 1 { (state.recent, state.size) = ([], 0) }
            state.recent += events
            state.size += size
            // Seldom, and half of it: moving the array at every event would cost more than the memory.
            if state.size > capacity { state.forget(downTo: capacity / 2) }
            state.last = last.sequence
            var numbers = state.waitersOfAll
            for jobID in Set(events.map(\.jobID)) { numbers.formUnion(state.waitersOfJob[jobID] ?? []) }
            return numbers.compactMap { remove($0, &state) }
        }
        for continuation in woken { continuation.resume() }
    }

    /// The next events of a job behind `cursor`, which is moved behind them; waits until there are some.
    ///
    /// - Returns: nil where the task was cancelled.
    func next(jobID: String?, cursor: inout Int) async throws -> [Event]? {
        while !Task.isCancelled {
            switch state.withLock({ look(jobID, behind: cursor, $0) }) {
            case .events(let events, let last):
                cursor = last
                if !events.isEmpty { return events }
            case .behind:
                let (start, upTo) = (cursor, lastSequence)
                let events = try await pool.read {
                    try EventStore.following(start, jobID: jobID, limit: Self.batch, $0)
                }
                // A short answer means that nothing else lies before the last event known when it was asked for.
                cursor = events.count == Self.batch ? events[events.count - 1].sequence : max(cursor, upTo)
                if let last = events.last { cursor = max(cursor, last.sequence) }
                if !events.isEmpty { return events }
            case .nothing:
                await wait(jobID, behind: cursor)
            }
        }
        return nil
    }

    private func look(_ jobID: String?, behind cursor: Int, _ state: borrowing State) -> Look {
        guard cursor < state.last else { return .nothing }
        guard let first = state.recent.first, first.sequence <= cursor + 1 else { return .behind }
        var (low, high) = (0, state.recent.count)
        while low < high {
            let middle = (low + high) / 2
            if state.recent[middle].sequence <= cursor { low = middle + 1 } else { high = middle }
        }
        let found = state.recent[low...].lazy.filter { jobID == nil || $0.jobID == jobID }.prefix(Self.batch)
        let events = Array(found)
        return .events(events, upTo: events.count == Self.batch ? events[events.count - 1].sequence : state.last)
    }

    private func wait(_ jobID: String?, behind cursor: Int) async {
        let number = state.withLock { state -> Int in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state -> Bool in
                    // Both may have happened since the look: an event, and the cancellation.
                    if state.last > cursor || Task.isCancelled { return true }
                    state.waiters[number] = Waiter(jobID: jobID, continuation: continuation)
                    if let jobID {
                        state.waitersOfJob[jobID, default: []].insert(number)
                    } else {
                        state.waitersOfAll.insert(number)
                    }
                    return false
                }
                if isLate { continuation.resume() }
            }
        } onCancel: {
            state.withLock { remove(number, &$0) }?.resume()
        }
    }

    @discardableResult
    private func remove(_ number: Int, _ state: inout State) -> CheckedContinuation<Void, Never>? {
        guard let waiter = state.waiters.removeValue(forKey: number) else { return nil }
        if let jobID = waiter.jobID {
            state.waitersOfJob[jobID]?.remove(number)
            if state.waitersOfJob[jobID]?.isEmpty == true { state.waitersOfJob[jobID] = nil }
        } else {
            state.waitersOfAll.remove(number)
        }
        return waiter.continuation
    }
}
