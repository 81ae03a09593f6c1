internal import FineTuning
internal import Foundation
internal import JSON
internal import POSIX
internal import RunDirectory
internal import Synchronization

/// A running `finetune-worker answer`, asked one request at a time over its pipes.
///
/// It ends when its standard input ends, so it does not outlive the daemon by more than one answer.
final class WorkerProcess: Sendable {
    let input: FileDescriptor
    let output: FileDescriptor
    let error: FileDescriptor
    /// The end of what it wrote to its standard error.
    let lastWords = Mutex<[UInt8]>([])
    private let child: ChildProcess
    private let life = Mutex(Life())

    private struct Life {
        var isKilled = false
        var hasAnswered = false
    }

    /// Bytes that are kept of its standard error.
    static let lastWordsLimit = 2048
    /// How long a process that has closed its pipes may take to end by itself.
    private static let parting: Duration = .seconds(2)

    private init(
        _ child: ChildProcess, input: consuming FileDescriptor, output: consuming FileDescriptor,
        error: consuming FileDescriptor
    ) {
        self.child = child
        self.input = input
        self.output = output
        self.error = error
    }

    /// Starts a process, with nothing in its environment and nothing open but its three pipes.
    ///
    /// - Throws: `JobError`
    static func start(program: String, threads: Int) throws -> WorkerProcess {
        do throws(SystemCallError) {
            let input = try FileDescriptor.pipe()
            let output = try FileDescriptor.pipe()
            let error = try FileDescriptor.pipe()
            // Of this process's ends only: the child's are other open files.
            try input.write.setNonBlocking()
            try output.read.setNonBlocking()
            try error.read.setNonBlocking()
            let child = try ChildProcess(
                program, arguments: ["answer", "--threads", String(threads)],
                environment: WorkerEnvironment.variables, input: input.read.raw, output: output.write.raw,
                error: error.write.raw)
            return WorkerProcess(child, input: input.write, output: output.read, error: error.read)
        } catch {
            throw JobError.notStarted(error)
        }
    }

    /// Whether it has not ended, as far as is known.
    var isAlive: Bool { child.exit == nil && !life.withLock(\.isKilled) }

    /// Whether it has answered a request before.
    var hasAnswered: Bool { life.withLock(\.hasAnswered) }

    /// Ends the process and what it has started, whatever they are at.
    func kill() {
        life.withLock { $0.isKilled = true }
        // It fails only where there is nothing left to end.
        _ = try? child.sendToGroup(.kill)
    }

    /// Sends a request and waits, without blocking a thread of the pool, for the answer.
    ///
    /// - Parameters:
    ///   - timeout: how long the process may take.
    ///   - replyLimit: bytes of the longest reply.
    /// - Throws: `JobError` as the process answered it; `LostProcess` where it did not, and then it has been ended.
    func ask(_ request: WorkerRequest, timeout: Duration, replyLimit: Int) async throws -> JSONValue {
        let line = request.json.bytes + [UInt8(ascii: "\n")]
        let reply: WorkerReply
        do {
            reply = try await withCheckedThrowingContinuation { continuation in
                PlatformThread.detach(name: "ask \(child.identifier)") { [self] in
                    continuation.resume(
                        with: Result { try exchange(line, timeout: timeout, replyLimit: replyLimit) })
                }
            }
        } catch {
            throw await death(of: error)
        }
        life.withLock { $0.hasAnswered = true }
        switch reply {
        case .answer(let value): return value
        case .error(let error): throw error.naming(request.paths)
        }
    }

    /// Ends the process after a fault, and tells why and how.
    private func death(of fault: any Error) async -> LostProcess {
        var tookRequest = true
        let message: String
        switch fault {
        case WorkerFault.ended(let took):
            tookRequest = took
            let exit = await ending()
            if exit == .signalled(9), !life.withLock(\.isKilled) {
                return LostProcess(
                    error: JobError(
                        .outOfMemory, "the worker process was killed, as the system does where memory runs out"),
                    tookRequest: took)
            }
            if let words = MemoryFailure.line(in: spoken, after: exit) {
                return LostProcess(
                    error: JobError(.outOfMemory, "the worker process ran out of memory: \(words)"), tookRequest: took)
            }
            message = "ended without an answer (\(exit))"
        case WorkerFault.garbage(let why): message = "answered with something that is no reply: \(why)"
        case WorkerFault.tooLong(let limit): message = "answered with a line of more than \(limit) bytes"
        case WorkerFault.timedOut(let time): message = "gave no answer within \(time)"
        default: message = "could not be asked: \(fault)"
        }
        kill()
        return LostProcess(
            error: JobError(.workerDied, "the worker process \(message)\(quotedLastWords)"), tookRequest: tookRequest)
    }

    /// Waits for the end of a process that has closed its pipes; one that stays is ended.
    private func ending() async -> ChildProcess.Exit {
        let alarm = Task {
            try await Task.sleep(for: Self.parting)
            kill()
        }
        defer { alarm.cancel() }
        return await child.waitForExit()
    }

    private var spoken: String { String(decoding: lastWords.withLock { $0 }, as: UTF8.self) }

    private var quotedLastWords: String {
        let words = spoken.trimmingCharacters(in: .whitespacesAndNewlines)
        return words.isEmpty ? "" : "; it said: \(words)"
    }
}
