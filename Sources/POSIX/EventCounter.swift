import CLinux
import Glibc

/// A counter that a poller can watch (eventfd): how another thread wakes an event loop.
public struct EventCounter: ~Copyable, Sendable {
    /// What the poller watches; readable while the counter is above zero.
    public let descriptor: FileDescriptor

    /// A counter at zero.
    public init() throws(SystemCallError) {
        descriptor = FileDescriptor(
            owning: try checked("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) })
    }

    /// Adds one. Callable from every thread.
    public func signal() {
        var one: UInt64 = 1
        // The only failure is a counter that is full, and then the watcher is awake in any case.
        _ = write(descriptor.raw, &one, 8)
    }

    /// Sets the counter back to zero.
    public func reset() {
        var count: UInt64 = 0
        _ = read(descriptor.raw, &count, 8)
    }
}
