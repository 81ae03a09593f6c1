import CLinux
import Glibc

/// Waits for many descriptors at once (epoll, level-triggered).
public struct Poller: ~Copyable, Sendable {
    /// What to watch a descriptor for.
    public struct Interest: OptionSet, Hashable, Sendable {
        /// The epoll bits.
        public let rawValue: UInt32

        /// An interest of epoll bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Bytes or a connection can be read.
        public static let readable = Interest(rawValue: EPOLLIN.rawValue)
        /// There is room to write.
        public static let writable = Interest(rawValue: EPOLLOUT.rawValue)
        /// The other side has finished writing, or is gone.
        public static let readHangUp = Interest(rawValue: EPOLLRDHUP.rawValue)
        /// Of several pollers on one descriptor, wake only one.
        public static let exclusive = Interest(rawValue: EPOLLEXCLUSIVE.rawValue)
    }

    /// What happened to a watched descriptor.
    public struct Event: Sendable {
        /// The number given when it was added.
        public let token: UInt64
        /// The epoll bits that are set.
        public let bits: UInt32

        /// Bytes, or the end, can be read.
        public var isReadable: Bool { bits & EPOLLIN.rawValue != 0 }
        /// There is room to write.
        public var isWritable: Bool { bits & EPOLLOUT.rawValue != 0 }
        /// The other side has finished writing.
        public var isReadHangUp: Bool { bits & EPOLLRDHUP.rawValue != 0 }
        /// The descriptor failed or is closed on both sides.
        public var isGone: Bool { bits & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 }
    }

    private let descriptor: FileDescriptor
    private var events: [epoll_event]

    /// A poller that reports at most `capacity` events a wait.
    public init(capacity: Int = 512) throws(SystemCallError) {
        descriptor = FileDescriptor(owning: try checked("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        events = [epoll_event](repeating: epoll_event(), count: capacity)
    }

    /// Watches a descriptor; `token` comes back with its events.
    public func add(_ raw: Int32, _ interest: Interest, token: UInt64) throws(SystemCallError) {
        try control(EPOLL_CTL_ADD, raw, interest, token)
    }

    /// Changes what a descriptor is watched for.
    public func modify(_ raw: Int32, _ interest: Interest, token: UInt64) throws(SystemCallError) {
        try control(EPOLL_CTL_MOD, raw, interest, token)
    }

    /// Stops watching a descriptor.
    public func remove(_ raw: Int32) throws(SystemCallError) {
        try control(EPOLL_CTL_DEL, raw, [], 0)
    }

    /// Waits and hands every event to `body`.
    ///
    /// - Parameter timeout: milliseconds; nil waits without end.
    public mutating func wait(timeout: Int32?, _ body: (Event) -> Void) throws(SystemCallError) {
        let count = epoll_wait(descriptor.raw, &events, Int32(events.count), timeout ?? -1)
        if count < 0 {
            if errno == EINTR { return }
            throw .last("epoll_wait")
        }
        for index in 0..<Int(count) {
            body(Event(token: events[index].data.u64, bits: events[index].events))
        }
    }

    private func control(
        _ operation: Int32, _ raw: Int32, _ interest: Interest, _ token: UInt64
    ) throws(SystemCallError) {
        var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: token))
        try checked("epoll_ctl") { epoll_ctl(descriptor.raw, operation, raw, &event) }
    }
}
