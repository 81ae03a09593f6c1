internal import Dispatch
internal import Foundation
internal import JSON
internal import POSIX
internal import Storage
internal import Synchronization

/// What the daemon does, a line an event on standard error or in a file:
/// `2026-11-24T11:20:17.123Z info request id=… method=GET path=/v1/models status=200 ms=3`.
///
/// Callers never wait for the disk or the terminal: a thread of its own writes. What it cannot keep up with is counted
/// and left out.
final class Log: Sendable {
    /// How serious an event is.
    enum Level: String, Sendable {
        case info
        case warn
        case error
    }

    private static let capacity = 10_000
    private let file: LogFile?
    private let queue = DispatchQueue(label: "log")
    private let pending = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)

    /// A log.
    ///
    /// - Parameter path: of the file that it goes to; nil is standard error.
    /// - Throws: where the file cannot be opened.
    init(path: String?) throws(SystemCallError) {
        if let path { file = try LogFile(path: path) } else { file = nil }
    }

    /// Adds a line.
    ///
    /// - Parameters:
    ///   - event: one word.
    ///   - fields: names and values; a value with spaces or worse is written as a JSON string, and a token's secret,
    ///     which a client may have put into a path, is left out.
    func write(_ level: Level, _ event: String, _ fields: [(name: String, value: String)] = []) {
        guard pending.add(1, ordering: .relaxed).newValue <= Self.capacity else {
            pending.subtract(1, ordering: .relaxed)
            dropped.add(1, ordering: .relaxed)
            return
        }
        let time = Date()
        queue.async { [self] in
            pending.subtract(1, ordering: .relaxed)
            let lost = dropped.exchange(0, ordering: .relaxed)
            if lost > 0 { put(Self.line(time, .warn, "log", [("dropped_lines", String(lost))])) }
            put(Self.line(time, level, event, fields))
        }
    }

    private func put(_ line: String) {
        guard let file else { return Console.write(line) }
        do throws(SystemCallError) { try file.write(line) } catch {
            // A full disk takes lines, not the service; how many is told when there is room again.
            dropped.add(1, ordering: .relaxed)
        }
    }

    /// At every SIGHUP from now on goes on in the file that has the name then, so that the old one can be renamed before;
    /// without a file the signal does nothing.
    func reopenOnHangUp() throws(SystemCallError) {
        let signals = try Signals.stream([.hangUp])
        Task { for await _ in signals { reopen() } }
    }

    private func reopen() {
        guard let file else { return }
        // Behind the lines that are still to be written to the old one.
        queue.async { [self] in
            do throws(SystemCallError) {
                try file.reopen()
                write(.info, "log-reopened")
            } catch {
                write(.error, "log-reopen", [("error", "\(error)")])
            }
        }
    }

    /// Waits until all lines are written; for the end of the program.
    func flush() { queue.sync {} }

    private static func line(
        _ time: Date, _ level: Level, _ event: String, _ fields: [(name: String, value: String)]
    ) -> String {
        let stamp = time.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
        let words = fields.map { " \($0.name)=\(word(TokenSecret.redacted($0.value)))" }.joined()
        return "\(stamp)Z \(level.rawValue) \(event)\(words)\n"
    }

    /// A value as it is, or quoted where it could be taken for something else.
    private static func word(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D }
        return isPlain ? value : JSONValue.string(value).text
    }
}
