internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// One request whose answer is read into memory, up to a limit, and whose redirects are watched.
final class PageRequest: NSObject, URLSessionDataDelegate, Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var answer: HTTPURLResponse?
        var continuation: CheckedContinuation<(any Error)?, Never>?
    }

    private let state = Mutex(State())
    private let watch: RedirectGuard
    private let maximumBytes: Int

    /// - Parameters:
    ///   - redirects: where the hub may send on to.
    ///   - maximumBytes: beyond which the rest of an answer is not read.
    init(redirects: HubRedirects, maximumBytes: Int) {
        watch = RedirectGuard(redirects)
        self.maximumBytes = maximumBytes
    }

    /// Runs the request to its end.
    ///
    /// - Returns: the answer; its bytes are one more than the limit at least where it is longer.
    /// - Throws: ``PullError/forbiddenRedirect(from:to:reason:)``, ``PullError/unreachable(url:reason:)``
    func run(_ request: URLRequest) async throws(PullError) -> (bytes: [UInt8], answer: HTTPURLResponse?) {
        let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request)
        let error = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.continuation = continuation }
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
        if let refusal = watch.refusal { throw refusal }
        let (bytes, answer) = state.withLock { ($0.bytes, $0.answer) }
        if let error, bytes.count <= maximumBytes {
            throw .unreachable(url: request.url?.absoluteString ?? "", reason: error.localizedDescription)
        }
        return (bytes, answer)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        watch.urlSession(
            session, task: task, willPerformHTTPRedirection: response, newRequest: request,
            completionHandler: completionHandler)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        state.withLock { $0.answer = response as? HTTPURLResponse }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLong = state.withLock { state in
            state.bytes += data
            return state.bytes.count > maximumBytes
        }
        if isTooLong { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let continuation = state.withLock { state in
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(returning: error)
    }
}
