import Synchronization

/// What a server has done so far.
public struct ServerStatistics: Sendable, Hashable {
    /// Connections accepted.
    public var acceptedConnections = 0
    /// Connections open now.
    public var openConnections = 0
    /// Requests that reached a handler.
    public var requests = 0
    /// Requests that were refused before: malformed, too large, too slow.
    public var refusals = 0
}

/// The counters behind `ServerStatistics`, each written by event loops and read by anyone.
final class ServerCounters: Sendable {
    let accepted = Atomic<Int>(0)
    let open = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let refusals = Atomic<Int>(0)

    var statistics: ServerStatistics {
        ServerStatistics(
            acceptedConnections: accepted.load(ordering: .relaxed), openConnections: open.load(ordering: .relaxed),
            requests: requests.load(ordering: .relaxed), refusals: refusals.load(ordering: .relaxed))
    }
}
