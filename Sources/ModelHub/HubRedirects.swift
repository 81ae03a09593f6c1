internal import Foundation
internal import POSIX

/// Which redirects of a hub are followed.
///
/// The public hub keeps large files elsewhere, and says where. A hub of the public internet may send to other public
/// places by TLS, and nowhere else: not to a machine of one's own network, which could be asked in this program's name.
/// The name is looked up here before URLSession looks it up again; that another machine answers then is prevented by TLS,
/// for which that would need a certificate of this name. A hub of one's own network is trusted to send where it likes.
struct HubRedirects: Sendable {
    private let endpoint: URL
    private let isHubPrivate: Bool?

    /// - Parameters:
    ///   - endpoint: the hub's address.
    ///   - isPrivate: whether it is one of one's own network; nil looks it up, where it sends on.
    init(endpoint: URL, isPrivate: Bool? = nil) {
        self.endpoint = endpoint
        isHubPrivate = isPrivate
    }

    /// Why a redirect is not followed; nil where it is.
    func refusal(of url: URL) -> String? {
        guard ["http", "https"].contains(url.scheme), url.host != nil else { return "it is no address of the web" }
        if isHubPrivate ?? Self.isPrivate(endpoint) { return nil }
        guard url.scheme == "https" else { return "it leads away from TLS" }
        return Self.isPrivate(url) ? "it leads to a machine that is not of the public internet" : nil
    }

    /// Whether a name has an address that is not of the public internet; one without any address is none's.
    private static func isPrivate(_ url: URL) -> Bool {
        guard let addresses = try? SocketAddress.lookUp(host: url.host ?? "", port: 0) else { return false }
        return addresses.contains { !$0.isPublic }
    }
}
