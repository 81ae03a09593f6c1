/// A refusal with its status: what the server itself throws, and what handlers may throw.
public struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The status of the answer.
    public let status: Status
    /// What is wrong and what would be right, for people.
    public let message: String
    /// Fields of the answer, such as `Allow` or `Retry-After`.
    public let headers: Headers

    /// A refusal.
    public init(_ status: Status, _ message: String, headers: Headers = [:]) {
        self.status = status
        self.message = message
        self.headers = headers
    }

    /// 400 with a message.
    public static func badRequest(_ message: String) -> HTTPError { HTTPError(.badRequest, message) }

    /// 404 with a message.
    public static func notFound(_ message: String) -> HTTPError { HTTPError(.notFound, message) }

    /// 413 with a message.
    public static func contentTooLarge(_ message: String) -> HTTPError { HTTPError(.contentTooLarge, message) }

    /// "404 Not Found: no such file"
    public var description: String { "\(status): \(message)" }
}

/// The client went away before the exchange was complete; thrown to handlers that read or write.
public struct ConnectionClosedError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An error of a connection that is gone.
    public init() {}

    /// What happened.
    public var description: String { "the client closed the connection" }
}
