/// A request method (RFC 9110 §9), case-sensitive.
public struct Method: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The method as sent.
    public let rawValue: String

    /// A method of any name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// GET
    public static var get: Method { Method(rawValue: "GET") }
    /// HEAD
    public static var head: Method { Method(rawValue: "HEAD") }
    /// POST
    public static var post: Method { Method(rawValue: "POST") }
    /// PUT
    public static var put: Method { Method(rawValue: "PUT") }
    /// PATCH (RFC 5789)
    public static var patch: Method { Method(rawValue: "PATCH") }
    /// DELETE
    public static var delete: Method { Method(rawValue: "DELETE") }
    /// OPTIONS
    public static var options: Method { Method(rawValue: "OPTIONS") }

    /// TRACE, which no route may have: it would echo what only the server ought to see (RFC 9110 §9.3.8).
    public static var trace: Method { Method(rawValue: "TRACE") }

    /// QUERY, a safe method with a body, which no route has
    public static var query: Method { Method(rawValue: "QUERY") }

    /// The methods that a route may have.
    public static let implemented: [Method] = [.get, .head, .post, .put, .patch, .delete, .options]
    /// The methods that are answered with 405 where they are not possible; every other is answered with 501 everywhere
    /// (RFC 9110 §15.5.6, §15.6.2).
    static let known = implemented + [.trace, .query]

    /// Whether the method asks for no change of state (RFC 9110 §9.2.1).
    public var isSafe: Bool { self == .get || self == .head || self == .options }

    /// The method as sent.
    public var description: String { rawValue }
}
