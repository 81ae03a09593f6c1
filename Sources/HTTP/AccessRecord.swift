public import POSIX

/// One exchange that is over, for the log.
public struct AccessRecord: Sendable {
    /// The request's identity, as in `x-request-id`.
    public let id: String
    /// The method; nil where the request was too malformed to have one.
    public let method: Method?
    /// The path, without the query, which may hold what no log should.
    public let path: String?
    /// The pattern of the route.
    public let route: String?
    /// The status of the answer; nil where the connection ended before there was one.
    public let status: Status?
    /// Whether all of the request was taken and all of the answer given to the system: the connection may end before.
    public let isComplete: Bool
    /// From the complete head to the last byte given to the system, or to the connection's end.
    public let duration: Duration
    /// Who asked.
    public let remoteAddress: SocketAddress
}
