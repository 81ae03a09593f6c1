internal import Foundation
internal import FoundationNetworking
internal import Glibc
internal import POSIX
internal import Synchronization

/// One transfer of a file into a partial file, which it continues where that has bytes already.
final class Download: NSObject, URLSessionDataDelegate, Sendable {
    /// How a transfer ended.
    enum Outcome: Sendable {
        /// The answer ended as it should.
        case complete
        /// The hub answered with an error.
        case refused(Int)
        /// The connection failed; what arrived is kept.
        case interrupted(String)
    }

    private struct State: ~Copyable {
        var file: FileDescriptor
        var arrived: Int
        var failure: (any Error)?
        var status = 0
        /// Whether the answer's body is the file's content. Data of a refused answer may come all the same.
        var accepts = false
        var continuation: CheckedContinuation<Outcome, any Error>?
    }

    private let state: Mutex<State>
    private let expectedBytes: Int
    private let watch: RedirectGuard
    private let progress: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - partial: where the content goes; bytes that it has are not asked for again.
    ///   - expectedBytes: how long the content is.
    ///   - redirects: where the hub may send on to.
    ///   - progress: is told how many bytes are there.
    init(
        into partial: String, expectedBytes: Int, redirects: HubRedirects, progress: @escaping @Sendable (Int) -> Void
    ) throws {
        watch = RedirectGuard(redirects)
        let file = try FileDescriptor.open(partial, O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
        var arrived = try file.size()
        if arrived > expectedBytes {
            try file.truncate(to: 0)
            arrived = 0
        }
        state = Mutex(State(file: file, arrived: arrived))
        self.expectedBytes = expectedBytes
        self.progress = progress
    }

    /// Runs the transfer to its end.
    ///
    /// - Throws: errors of writing the file, and cancellation.
    func run(_ request: URLRequest) async throws -> Outcome {
        let arrived = state.withLock { $0.arrived }
        progress(arrived)
        if arrived == expectedBytes {
            try state.withLock { try $0.file.synchronize() }
            return .complete
        }
        var request = request
        if arrived > 0 { request.setValue("bytes=\(arrived)-", forHTTPHeaderField: "Range") }
        // Compression would make lengths and ranges mean something else.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request)
        let outcome = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { $0.continuation = continuation }
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
        try Task.checkCancellation()
        try state.withLock { try $0.file.synchronize() }
        return outcome
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
        let answer = response as? HTTPURLResponse
        let accepts = state.withLock { state -> Bool in
            state.status = answer?.statusCode ?? 0
            switch state.status {
            case 206 where Self.start(of: answer) == state.arrived: state.accepts = true
            // The whole again, from a server that knows no ranges; or the partial file does not fit what is there now,
            // and the next transfer begins anew.
            case 200, 206, 416:
                do {
                    try state.file.truncate(to: 0)
                    state.arrived = 0
                    state.accepts = state.status == 200
                } catch {
                    state.failure = error
                }
            default: break
            }
            return state.accepts
        }
        completionHandler(accepts ? .allow : .cancel)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let arrived = state.withLock { state -> Int? in
            guard state.accepts, state.failure == nil else { return nil }
            do {
                guard state.arrived + data.count <= expectedBytes else {
                    try state.file.truncate(to: 0)
                    throw PullError.damaged(
                        file: dataTask.originalRequest?.url?.lastPathComponent ?? "the file",
                        expected: "\(expectedBytes) bytes", found: "more")
                }
                try state.file.write(all: Array(data))
                state.arrived += data.count
                return state.arrived
            } catch {
                state.failure = error
                return nil
            }
        }
        if let arrived { progress(arrived) } else { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let (continuation, result) = state.withLock {
            state -> (CheckedContinuation<Outcome, any Error>?, Result<Outcome, any Error>) in
            defer { state.continuation = nil }
            let result: Result<Outcome, any Error> =
                if let refusal = watch.refusal {
                    .failure(refusal)
                } else if let failure = state.failure {
                    .failure(failure)
                } else if state.status != 0, ![200, 206, 416].contains(state.status) {
                    .success(.refused(state.status))
                } else if let error {
                    .success(.interrupted(error.localizedDescription))
                } else if state.arrived < expectedBytes {
                    .success(.interrupted("\(state.arrived) of \(expectedBytes) bytes arrived"))
                } else {
                    .success(.complete)
                }
            return (state.continuation, result)
        }
        continuation?.resume(with: result)
    }

    /// The first byte's offset that `Content-Range: bytes FIRST-LAST/TOTAL` tells (RFC 9110 §14.4).
    private static func start(of answer: HTTPURLResponse?) -> Int? {
        guard let range = answer?.value(forHTTPHeaderField: "Content-Range"), range.hasPrefix("bytes ") else {
            return nil
        }
        return Int(range.dropFirst(6).prefix { $0 != "-" })
    }
}
