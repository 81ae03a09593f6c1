import Foundation
import JSON
import POSIX

/// A receiver of webhooks as a process of its own, which ends with this object.
final class WebhookReceiver: Sendable {
    /// The Python that runs it; the one with the package `openai`, where there is one.
    static let python =
        ProcessInfo.processInfo.environment["FINETUNED_PYTHON"]
        ?? ["/usr/bin/python3", "/usr/local/bin/python3"].first(where: FileManager.default.isExecutableFile)
    /// Where the secret is that both sides share.
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    /// Where it listens.
    let port: Int
    private let process: ChildProcess
    private let lines: AsyncStream<String>

    /// Starts a receiver.
    ///
    /// - Parameters:
    ///   - answers: statuses, one a request; the last serves for all further ones.
    ///   - options: of the script.
    init(_ answers: String..., secretFile: String, options: [String] = []) async throws {
        let pipe = try FileDescriptor.pipe()
        process = try ChildProcess(
            Self.python ?? "python3",
            arguments: ["\(Checkout.root)/Tests/EndToEndTests/Scripts/webhook_receiver.py", secretFile] + answers
                + options, environment: ["PATH": "/usr/bin:/bin"], output: pipe.write.raw, error: STDERR_FILENO)
        let raw = pipe.read.release()
        try pipe.write.close()
        let (lines, continuation) = AsyncStream<String>.makeStream()
        PlatformThread.detach(name: "receiver") {
            let pipe = FileDescriptor(owning: raw)
            var rest = ""
            while let part = try? pipe.read(upTo: 4096), !part.isEmpty {
                rest += String(decoding: part, as: UTF8.self)
                while let end = rest.firstIndex(of: "\n") {
                    continuation.yield(String(rest[..<end]))
                    rest = String(rest[rest.index(after: end)...])
                }
            }
            continuation.finish()
        }
        self.lines = lines
        var first = lines.makeAsyncIterator()
        guard let text = await first.next(), let port = Int(text) else {
            throw Daemon.NotStarted(description: "the receiver says no port")
        }
        self.port = port
    }

    deinit { _ = try? process.send(.kill) }

    /// What it gets next; waits for it.
    func next() async throws -> JSONValue {
        var iterator = lines.makeAsyncIterator()
        guard let line = await iterator.next() else { throw Daemon.NotStarted(description: "the receiver is gone") }
        return try JSONValue(parsing: Array(line.utf8))
    }

    /// Ends it.
    func stop() async throws {
        try process.send(.kill)
        _ = await process.waitForExit()
    }
}
