/// Everything before the body: the request line and the fields, checked.
package struct RequestHead: Sendable {
    /// How the body is delimited (RFC 9112 §6.3).
    package enum Framing: Hashable, Sendable {
        case none
        case length(Int)
        case chunked
    }

    package let method: Method
    package let target: RequestTarget
    /// 0 or 1: the minor version that governs framing and persistence.
    package var minorVersion = 1
    package var headers: Headers
    /// Host and port as the client meant them.
    package var authority: String?
    package var framing = Framing.none
    package var keepsAlive = true
    package var expectsContinue = false

    init(method: Method, target: RequestTarget, headers: Headers, authority: String?) {
        self.method = method
        self.target = target
        self.headers = headers
        self.authority = authority
    }
}
