internal import Foundation
internal import JSON
internal import POSIX
internal import RunDirectory
internal import Synchronization

extension WorkerProcess {
    /// Bytes that are read at once.
    private static let partSize = 1 << 18

    private enum Pipe: UInt64 {
        case input, output, error
    }

    /// Sends one line and reads one line. Blocks its thread, and has the pipes to itself meanwhile.
    ///
    /// - Parameters:
    ///   - line: the request, with its line feed.
    ///   - timeout: for all of it.
    ///   - replyLimit: bytes of the longest reply.
    /// - Throws: `WorkerFault`, `SystemCallError`
    func exchange(_ line: [UInt8], timeout: Duration, replyLimit: Int) throws -> WorkerReply {
        var received: [UInt8] = []
        guard try receive(&received, limit: replyLimit) else { throw try dying(.ended(tookRequest: false)) }
        guard received.isEmpty else { throw WorkerFault.garbage("it spoke before it was asked") }
        var poller = try Poller(capacity: 3)
        try poller.add(input.raw, .writable, token: Pipe.input.rawValue)
        try poller.add(output.raw, .readable, token: Pipe.output.rawValue)
        try poller.add(error.raw, .readable, token: Pipe.error.rawValue)
        let deadline = ContinuousClock.now + timeout
        var unsent = line[...]
        while true {
            var ready: [Pipe] = []
            let milliseconds = try Self.milliseconds(until: deadline, of: timeout)
            try poller.wait(timeout: milliseconds) { ready += [Pipe(rawValue: $0.token)].compactMap(\.self) }
            if ready.contains(.error), try !listen() { try poller.remove(error.raw) }
            if ready.contains(.output) {
                let isOpen = try receive(&received, limit: replyLimit)
                if let reply = try Self.reply(in: received) { return reply }
                if !isOpen { throw try dying(.ended(tookRequest: unsent.isEmpty)) }
            }
            if ready.contains(.input), !unsent.isEmpty {
                try send(&unsent)
                if unsent.isEmpty { try poller.remove(input.raw) }
            }
        }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant, of timeout: Duration) throws -> Int32 {
        let rest = (deadline - .now) / .milliseconds(1)
        if rest <= 0 { throw WorkerFault.timedOut(timeout) }
        return Int32(min(rest.rounded(.up), 3_600_000))
    }

    /// Writes what there is room for.
    private func send(_ unsent: inout ArraySlice<UInt8>) throws {
        do {
            let count = try unsent.withUnsafeBytes { try input.write(available: $0) }
            unsent = unsent.dropFirst(count)
        } catch let error as SystemCallError where error.isBrokenPipe {
            throw try dying(.ended(tookRequest: false))
        }
    }

    /// Reads what there is of the reply.
    ///
    /// - Returns: whether more may come.
    private func receive(_ received: inout [UInt8], limit: Int) throws -> Bool {
        guard let part = try output.read(availableUpTo: Self.partSize) else { return true }
        received += part
        if received.count > limit { throw WorkerFault.tooLong(limit) }
        return !part.isEmpty
    }

    /// The reply, where its line is whole; the end of a line is looked for in the part that came last.
    private static func reply(in received: [UInt8]) throws -> WorkerReply? {
        guard received.suffix(Self.partSize).contains(UInt8(ascii: "\n")) else { return nil }
        do {
            return try WorkerReply(JSONCursor(JSONValue(parsing: received)))
        } catch let error as JSONSyntaxError {
            throw WorkerFault.garbage("\(error)")
        } catch let fault as JSONFault {
            throw WorkerFault.garbage("\(fault)")
        }
    }

    /// Reads what there is on standard error, and keeps the end of it.
    ///
    /// - Returns: whether more may come.
    private func listen() throws -> Bool {
        guard let part = try error.read(availableUpTo: 1 << 16) else { return true }
        lastWords.withLock { $0 = Array(($0 + part).suffix(Self.lastWordsLimit)) }
        return !part.isEmpty
    }

    /// The fault, after what the process said last was read.
    private func dying(_ fault: WorkerFault) throws -> WorkerFault {
        _ = try listen()
        return fault
    }
}
