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

    private struct Entry {
        let time: Date
        let level: Level
        let event: String
        let fields: [(name: String, value: String)]
    }

    private struct Pending {
        var entries: [Entry] = []
        var dropped = 0
    }

    private static let capacity = 10_000
    /// How long what is only worth knowing waits for more: a thread is woken a hundred times a second, not for each request.
    private static let gathering = DispatchTimeInterval.milliseconds(10)
    private let file: LogFile?
    private let queue = DispatchQueue(label: "log")
    private let pending = Mutex(Pending())

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
        let entry = Entry(time: Date(), level: level, event: event, fields: fields)
        let isFirst = pending.withLock { pending in
            guard pending.entries.count < Self.capacity else {
                pending.dropped += 1
                return false
            }
            pending.entries.append(entry)
            return pending.entries.count == 1
        }
        if level != .info {
            queue.async { [self] in drain() }
        } else if isFirst {
            queue.asyncAfter(deadline: .now() + Self.gathering) { [self] in drain() }
        }
    }

    /// Writes what has gathered; on the queue.
    private func drain() {
        let found = pending.withLock { pending in
            defer { pending = Pending() }
            return pending
        }
        var entries = found.entries
        if found.dropped > 0 {
            let fields = [("dropped_lines", String(found.dropped))]
            entries.insert(Entry(time: Date(), level: .warn, event: "log", fields: fields), at: 0)
        }
        guard !entries.isEmpty else { return }
        let lines = Self.lines(entries)
        guard let file else { return Console.write(lines.joined()) }
        for (place, line) in lines.enumerated() {
            do throws(SystemCallError) { try file.write(line) } catch {
                // A full disk takes lines, not the service; how many is told when there is room again.
                let lost = place == 0 && found.dropped > 0 ? found.dropped : 1
                pending.withLock { $0.dropped += lost }
            }
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
        queue.async { [self] in
            // The old one gets what came before.
            drain()
            do throws(SystemCallError) {
                try file.reopen()
                write(.info, "log-reopened")
            } catch {
                write(.error, "log-reopen", [("error", "\(error)")])
            }
        }
    }

    /// Waits until all lines are written; for the end of the program.
    func flush() { queue.sync { drain() } }

    private static func lines(_ entries: [Entry]) -> [String] {
        let format = Date.ISO8601FormatStyle().year().month().day().time(includingFractionalSeconds: false)
        // Many lines are of one second, and its name is the most work of a line.
        var (second, clock) = (-1, "")
        return entries.map { entry in
            let milliseconds = Int(entry.time.timeIntervalSince1970 * 1000)
            if milliseconds / 1000 != second {
                second = milliseconds / 1000
                clock = Date(timeIntervalSince1970: Double(second)).formatted(format)
            }
            let fraction = String(1000 + milliseconds % 1000).dropFirst()
            let words = entry.fields.map { " \($0.name)=\(word(TokenSecret.redacted($0.value)))" }.joined()
            return "\(clock).\(fraction)Z \(entry.level.rawValue) \(entry.event)\(words)\n"
        }
    }

    /// A value as it is, or quoted where it could be taken for something else.
    private static func word(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D }
        return isPlain ? value : JSONValue.string(value).text
    }
}
