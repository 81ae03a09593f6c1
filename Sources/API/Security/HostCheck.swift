import HTTP

/// Answers only to the server's own names, so that a page on another name that resolves to this machine (DNS
/// rebinding) is not served (RFC 9110 §15.5.20).
struct HostCheck {
    /// Names besides those of the loopback interface, in lower case, without port.
    let names: Set<String>
    /// Whether any address (not name) will do: no page can be rebound onto an address.
    let allowsAddresses: Bool

    func callAsFunction(_ request: Request, _ next: Handler) async throws -> Response {
        if let authority = request.authority, !allows(authority) {
            throw APIError(
                .misdirectedRequest, code: "unknown_host",
                "this server does not answer to \"\(authority.prefix(100))\"; name it with --allow-host to allow it")
        }
        return try await next(request)
    }

    func allows(_ authority: String) -> Bool {
        let host = Self.host(of: authority).lowercased()
        if host == "localhost" || host == "127.0.0.1" || host == "[::1]" || names.contains(host) { return true }
        let isLoopback = host.hasPrefix("127.") && Self.isIPv4(host)
        return isLoopback || (allowsAddresses && (Self.isIPv4(host) || host.hasPrefix("[")))
    }

    /// The host of `host:port`, brackets of an IPv6 address included.
    static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return authority.lastIndex(of: ":").map { String(authority[..<$0]) } ?? authority
    }

    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil && $0.allSatisfy(\.isNumber) }
    }
}
