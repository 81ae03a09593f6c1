public import POSIX

/// A request as a handler sees it: the head is complete, the body arrives as it is read.
public struct Request: Sendable {
    let head: RequestHead
    /// The identity of the exchange; sent back as `x-request-id`.
    public let id: String
    /// The body; empty where there is none.
    public let body: RequestBody
    /// Who sent it: the other end of the connection.
    public let remoteAddress: SocketAddress
    /// The pattern of the route that matched, such as `/v1/files/{id}`; nil where none did.
    public internal(set) var route: String?
    /// What stood in the place of each `{name}` of the route, decoded.
    public internal(set) var parameters: [String: String] = [:]
    /// The decoded segments that a route's `{name...}` took.
    public internal(set) var tail: [String] = []
    /// What middleware leaves for the handler, such as who the client is.
    public var context: (any Sendable)?
    /// What answers it, as the router found.
    var dispatch: Handler = { _ in throw HTTPError.notFound("there is nothing at this path") }

    /// Whether the handler may begin on the event loop's thread.
    var isPrompt = false

    init(head: RequestHead, id: String, body: RequestBody, remoteAddress: SocketAddress) {
        self.head = head
        self.id = id
        self.body = body
        self.remoteAddress = remoteAddress
    }

    /// A request without a connection, for tests of handlers.
    ///
    /// - Throws: `HTTPError` where the target is malformed.
    public init(
        _ method: Method, _ target: String, headers: Headers = [:], body: [UInt8] = [],
        remoteAddress: SocketAddress = .loopback()
    ) throws {
        let parsed = try RequestTarget(target, method: method)
        self.init(
            head: RequestHead(method: method, target: parsed, headers: headers, authority: headers["Host"]),
            id: RequestIdentifier.next(), body: RequestBody(body), remoteAddress: remoteAddress)
    }

    /// The method.
    public var method: Method { head.method }
    /// The target as sent.
    public var rawTarget: String { head.target.raw }
    /// The path, decoded after it was split: for people; compare `segments`.
    public var path: String { "/" + head.target.segments.joined(separator: "/") }
    /// The decoded segments of the path; `%2F` stays inside its segment. None for `/`.
    public var segments: [String] { head.target.segments }
    /// The parameters after `?`.
    public var query: Query { Query(head.target.query) }
    /// The header fields.
    public var headers: Headers { head.headers }
    /// Host and port that the client meant: of an absolute target, else of `Host`. Nil only for HTTP/1.0.
    public var authority: String? { head.authority }
    /// Whether the other end is on this machine.
    public var isLoopback: Bool { remoteAddress.isLoopback }
}
