import CLinux
import Glibc

/// A TCP socket; closed when it goes out of scope.
public struct Socket: ~Copyable, Sendable {
    /// The descriptor of the socket.
    public let descriptor: FileDescriptor

    /// Takes over a descriptor that is a socket.
    public init(owning descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// A non-blocking socket that listens on `address`.
    ///
    /// - Parameter backlog: connections that may wait to be accepted.
    public static func listening(on address: SocketAddress, backlog: Int32) throws(SystemCallError) -> Socket {
        let socket = try open(address, flags: Int32(SOCK_NONBLOCK.rawValue))
        try socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
        try checked("bind", path: address.description) {
            address.withSystemAddress { bind(socket.descriptor.raw, $0, $1) }
        }
        try checked("listen", path: address.description) { listen(socket.descriptor.raw, backlog) }
        return socket
    }

    /// A blocking socket connected to `address`.
    public static func connected(to address: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try open(address, flags: 0)
        try checked("connect", path: address.description) {
            address.withSystemAddress { connect(socket.descriptor.raw, $0, $1) }
        }
        return socket
    }

    /// The address that the socket is bound to.
    public func localAddress() throws(SystemCallError) -> SocketAddress {
        let (result, address) = SocketAddress.fromSystem { getsockname(descriptor.raw, $0, $1) }
        guard result == 0, let address else { throw .last("getsockname") }
        return address
    }

    /// Takes the next waiting connection, non-blocking, with small packets sent at once.
    ///
    /// - Returns: nil where none is waiting, or the one that was is already gone.
    public func accept() throws(SystemCallError) -> Accepted? {
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let (raw, address) = SocketAddress.fromSystem { accept4(descriptor.raw, $0, $1, flags) }
        if raw < 0 {
            switch errno {
            case EAGAIN, EINTR, ECONNABORTED, EPROTO, ENETDOWN, EHOSTDOWN, EHOSTUNREACH, ENETUNREACH: return nil
            default: throw .last("accept4")
            }
        }
        let socket = Socket(owning: FileDescriptor(owning: raw))
        var one: Int32 = 1
        // Fails only on a connection that the other side has already reset, which the first read reports.
        _ = setsockopt(raw, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        return Accepted(socket: socket, address: address ?? .loopback())
    }

    /// Bounds what the system keeps for a connection whose other side does not take it.
    ///
    /// - Parameters:
    ///   - unsentBytes: beyond what is on the way, no more than this waits to be sent (TCP_NOTSENT_LOWAT).
    ///   - silence: milliseconds after which data that nobody acknowledges ends the connection (TCP_USER_TIMEOUT, which
    ///     else is a quarter of an hour): how a machine that vanished is noticed.
    public func limitOutput(unsentBytes: Int32, silence: Int32) {
        // Fails only on a connection that the other side has already reset, which the first read reports.
        try? setOption(Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, unsentBytes)
        try? setOption(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, silence)
    }

    /// Makes a listening socket refuse connections, those in the backlog included, although it is still open.
    public func stopListening() throws(SystemCallError) {
        try checked("shutdown") { shutdown(descriptor.raw, Int32(SHUT_RDWR)) }
    }

    /// Says that nothing more will be written; reading goes on.
    public func shutdownWriting() throws(SystemCallError) {
        try checked("shutdown") { shutdown(descriptor.raw, Int32(SHUT_WR)) }
    }

    /// Limits how long a blocking read or write may take.
    ///
    /// - Parameter seconds: after this the call fails with `EAGAIN`.
    public func setTimeout(seconds: Int) throws(SystemCallError) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        try checked("setsockopt") { setsockopt(descriptor.raw, SOL_SOCKET, SO_RCVTIMEO, &limit, size) }
        try checked("setsockopt") { setsockopt(descriptor.raw, SOL_SOCKET, SO_SNDTIMEO, &limit, size) }
    }

    static func open(_ address: SocketAddress, flags: Int32) throws(SystemCallError) -> Socket {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | flags
        let raw = try checked("socket") { Glibc.socket(address.isIPv6 ? AF_INET6 : AF_INET, kind, 0) }
        return Socket(owning: FileDescriptor(owning: raw))
    }

    private func setOption(_ level: Int32, _ option: Int32, _ value: Int32) throws(SystemCallError) {
        var value = value
        try checked("setsockopt") { setsockopt(descriptor.raw, level, option, &value, 4) }
    }
}

/// A connection that was accepted.
@frozen public struct Accepted: ~Copyable, Sendable {
    /// The connection.
    public var socket: Socket
    /// Who connected.
    public let address: SocketAddress

    /// The connection alone.
    public consuming func takeSocket() -> Socket { socket }
}
