internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// Follows the redirects of a request that may be followed, and remembers why one was not.
final class RedirectGuard: NSObject, URLSessionTaskDelegate, Sendable {
    private let redirects: HubRedirects
    private let refused = Mutex<PullError?>(nil)

    init(_ redirects: HubRedirects) { self.redirects = redirects }

    /// Why a redirect was not followed; nil where all were.
    var refusal: PullError? { refused.withLock { $0 } }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        let target = request.url
        let reason = target.map(redirects.refusal) ?? "it leads nowhere"
        if let reason {
            let error = PullError.forbiddenRedirect(
                from: response.url?.absoluteString ?? "the hub", to: target?.absoluteString ?? "", reason: reason)
            refused.withLock { $0 = error }
        }
        completionHandler(reason == nil ? request : nil)
    }
}
