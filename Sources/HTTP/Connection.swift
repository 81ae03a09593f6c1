import POSIX

/// The state of one connection. Owned by its event loop's thread and touched by no other.
final class Connection {
    /// What the connection is doing.
    enum Phase {
        /// Waiting for a request, or in the middle of its head.
        case head
        /// A handler is at work, or its answer on the way.
        case exchange
        /// The answer has been sent and our side closed; what still comes is thrown away.
        case lingering
    }

    let token: UInt64
    let socket: Socket
    let address: SocketAddress
    var phase = Phase.head
    var parser: RequestParser
    var exchange: Exchange?
    /// Bytes of later requests that came before their turn.
    var pipelined: [UInt8] = []
    var output = OutputQueue()
    var interest: Poller.Interest = .readable
    /// Whether the other side has finished writing.
    var isPeerDone: Bool { peerDoneAt != nil }
    /// When it has, in milliseconds of the loop's clock.
    var peerDoneAt: UInt64?
    var requestCount = 0
    /// When the present wait is over, in milliseconds of the loop's clock.
    var deadline: UInt64 = 0
    /// When a lingering connection is cut off even if the other side still sends.
    var lingerEnd: UInt64 = 0
    /// Whether `deadline` is that of a head that has begun.
    var isHeadTimed = false

    init(token: UInt64, socket: consuming Socket, address: SocketAddress, limits: RequestParser.Limits) {
        self.token = token
        self.socket = socket
        self.address = address
        parser = RequestParser(limits: limits)
    }

    var raw: Int32 { socket.descriptor.raw }
}
