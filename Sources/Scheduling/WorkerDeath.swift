internal import FineTuning
internal import Foundation
internal import POSIX
internal import RunDirectory

/// Tells why a worker ended without a word.
struct WorkerDeath {
    /// How its process ended, where that is known.
    let exit: ChildProcess.Exit?
    /// Why the daemon killed it, where it did.
    let killReason: String?
    /// Whether the kernel killed a process for lack of memory in the worker's time.
    let isMemoryShort: Bool
    let directory: RunDirectory

    private static let tailBytes = 4096
    private static let longestLine = 300

    /// The error for the job.
    func error() -> JobError {
        if let killReason { return JobError(.workerDied, killReason) }
        let isKilled = exit == nil || exit == .signalled(Signal.kill.rawValue)
        if isMemoryShort, isKilled {
            return JobError(
                .outOfMemory,
                "the worker was killed because the machine ran out of memory; make batch_size or max_length smaller, "
                    + "or train fewer layers")
        }
        if let words = MemoryFailure.line(in: logTail() ?? "", after: exit) {
            return JobError(
                .outOfMemory,
                "the worker ran out of the memory that it was granted (\(words)); make batch_size or max_length smaller, "
                    + "or train fewer layers")
        }
        let way = exit.map { "\($0)" } ?? "its lock is free"
        // A process that SIGKILL ended had no time to say why: its last line tells of something else.
        let words = exit == .signalled(Signal.kill.rawValue) ? nil : lastLogLine()
        return JobError(.workerDied, "the worker ended without a result (\(way))\(words.map { ": \($0)" } ?? "")")
    }

    /// The last line that the worker wrote to its standard error; nil where it wrote none, or it cannot be read.
    private func lastLogLine() -> String? {
        let last = logTail()?.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
        return last.map { String($0.prefix(Self.longestLine)) }
    }

    /// The end of what the worker wrote to its standard error; nil where it cannot be read.
    private func logTail() -> String? {
        guard let file = try? FileDescriptor.open(directory.logPath), let size = try? file.size(),
            let bytes = try? file.read(at: max(0, size - Self.tailBytes), upTo: Self.tailBytes)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
