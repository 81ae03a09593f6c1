/// Everything before the body: the request line and the fields, checked.
struct RequestHead: Sendable {
    /// How the body is delimited (RFC 9112 §6.3).
    enum Framing: Hashable, Sendable {
        case none
        case length(Int)
        case chunked
    }

    let method: Method
    let target: RequestTarget
    /// 0 or 1: the minor version that governs framing and persistence.
    var minorVersion = 1
    var headers: Headers
    /// Host and port as the client meant them.
    var authority: String?
    var framing = Framing.none
    var keepsAlive = true
    var expectsContinue = false

    init(method: Method, target: RequestTarget, headers: Headers, authority: String?) {
        self.method = method
        self.target = target
        self.headers = headers
        self.authority = authority
    }
}
