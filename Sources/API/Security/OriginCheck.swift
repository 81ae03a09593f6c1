import HTTP

/// Refuses requests that change something and that a browser sends on behalf of a page elsewhere.
enum OriginCheck {
    static func check(_ request: Request, _ next: Handler) async throws -> Response {
        if !request.method.isSafe { try refuseForeign(request) }
        return try await next(request)
    }

    private static func refuseForeign(_ request: Request) throws {
        let refusal = { (what: String) in
            APIError(
                .forbidden, code: "foreign_origin",
                "\(what): only pages of this server may change something from a browser")
        }
        if request.headers["Sec-Fetch-Site"]?.lowercased() == "cross-site" {
            throw refusal("the request comes from a page of another site (Sec-Fetch-Site: cross-site)")
        }
        guard let origin = request.headers["Origin"] else { return }
        guard let authority = request.authority, isSame(origin, authority) else {
            throw refusal("the request comes from a page of \"\(origin.prefix(100))\"")
        }
    }

    /// Whether an origin (`http://host:port`, RFC 6454) is that of the authority; a proxy may have ended TLS.
    private static func isSame(_ origin: String, _ authority: String) -> Bool {
        for (scheme, port) in [("http://", ":80"), ("https://", ":443")] where origin.hasPrefix(scheme) {
            let own = origin.dropFirst(scheme.count).lowercased()
            let asked = authority.lowercased()
            return own == asked || own + port == asked || own == asked + port
        }
        return false
    }
}
