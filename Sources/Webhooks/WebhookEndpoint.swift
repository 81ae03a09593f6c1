internal import Foundation

/// Where webhooks go: the one address that the operator has given.
public struct WebhookEndpoint: Sendable, Hashable {
    /// The host's name or address, without brackets.
    let host: String
    /// The port.
    let port: UInt16
    /// Whether it is spoken to by TLS.
    let isSecure: Bool
    /// Path and query as they stand in a request.
    let target: String
    /// Whether the host may be one of this machine or its network.
    let allowsPrivate: Bool

    /// The value of `Host` (RFC 9110 §7.2).
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Reads an address.
    ///
    /// - Parameter allowsPrivate: whether the host may be one of this machine or its network; only then it may be spoken
    ///   to without TLS.
    /// - Throws: ``WebhookError/malformedURL(reason:)``
    public init(parsing text: String, allowsPrivate: Bool = false) throws(WebhookError) {
        let isPrintable = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isPrintable, let parts = URLComponents(string: text), let host = parts.encodedHost, !host.isEmpty else {
            throw .malformedURL(reason: "it does not read as a URL")
        }
        guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
            throw .malformedURL(reason: "it must begin with https://")
        }
        guard parts.user == nil, parts.password == nil, parts.fragment == nil else {
            throw .malformedURL(reason: "it must have no user, password or fragment")
        }
        isSecure = scheme == "https"
        guard isSecure || allowsPrivate else {
            throw .malformedURL(reason: "http is only for hosts that --webhook-allow-private allows")
        }
        guard let port = UInt16(exactly: parts.port ?? (isSecure ? 443 : 80)), port > 0 else {
            throw .malformedURL(reason: "its port is none")
        }
        self.port = port
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        self.host = isBracketed ? String(host.dropFirst().dropLast()) : host.lowercased()
        let path = parts.percentEncodedPath
        target = (path.isEmpty ? "/" : path) + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
        self.allowsPrivate = allowsPrivate
    }
}
