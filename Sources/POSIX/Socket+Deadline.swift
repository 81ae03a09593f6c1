import Glibc

extension Socket {
    /// What a socket is waited for.
    public enum Readiness: Sendable {
        /// There is something to read, or the other side has ended.
        case reading
        /// There is room to write.
        case writing
    }

    /// A non-blocking socket that is connected to an address.
    ///
    /// - Throws: `SystemCallError`; `ETIMEDOUT` where the deadline passes.
    public static func connected(
        to address: SocketAddress, before deadline: ContinuousClock.Instant
    ) throws(SystemCallError) -> Socket {
        let socket = try open(address, flags: Int32(SOCK_NONBLOCK.rawValue))
        if address.withSystemAddress({ connect(socket.descriptor.raw, $0, $1) }) == 0 { return socket }
        guard errno == EINPROGRESS else { throw .last("connect", path: address.description) }
        try socket.wait(for: .writing, before: deadline)
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        try checked("getsockopt") { getsockopt(socket.descriptor.raw, SOL_SOCKET, SO_ERROR, &code, &size) }
        guard code == 0 else { throw SystemCallError(call: "connect", code: code, path: address.description) }
        return socket
    }

    /// Blocks the thread until the socket is ready.
    ///
    /// - Throws: `SystemCallError`; `ETIMEDOUT` where the deadline passes.
    public func wait(for readiness: Readiness, before deadline: ContinuousClock.Instant) throws(SystemCallError) {
        try Self.wait(on: descriptor.raw, for: readiness, before: deadline)
    }

    /// Blocks the thread until a socket is ready, whose number must be valid meanwhile.
    ///
    /// - Throws: as ``wait(for:before:)``.
    public static func wait(
        on raw: Int32, for readiness: Readiness, before deadline: ContinuousClock.Instant
    ) throws(SystemCallError) {
        let events = Int16(readiness == .reading ? POLLIN : POLLOUT)
        while true {
            let rest = (deadline - .now) / .milliseconds(1)
            var entry = pollfd(fd: raw, events: events, revents: 0)
            let count = rest <= 0 ? 0 : poll(&entry, 1, Int32(min(rest.rounded(.up), 3_600_000)))
            if count > 0 { return }
            if rest <= 0 { throw SystemCallError(call: "poll", code: ETIMEDOUT) }
            if count < 0, errno != EINTR { throw .last("poll") }
        }
    }
}
