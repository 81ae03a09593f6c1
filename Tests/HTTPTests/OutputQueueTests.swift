import Foundation
import Glibc
import POSIX
import Testing

@testable import HTTP

struct OutputQueueTests {
    /// A pair of connected sockets. Ours blocks, so that nothing but the budget ends a turn; a thread takes all that
    /// comes as fast as it can.
    private static func withGreedyReader(_ body: (Int32) throws -> Void) throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let (ours, theirs) = (ends[0], ends[1])
        PlatformThread.detach(name: "greedy") {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while Glibc.read(theirs, &buffer, buffer.count) > 0 {}
            Glibc.close(theirs)
        }
        defer { Glibc.close(ours) }
        try body(ours)
    }

    @Test func `bytes for a greedy reader leave in turns`() throws {
        try Self.withGreedyReader { socket in
            var queue = OutputQueue()
            queue.append([UInt8](repeating: 1, count: 5000), payload: 5000)
            queue.append([UInt8](repeating: 2, count: 5000), payload: 5000)
            var budget = 6000
            #expect(queue.send(to: socket, budget: &budget) == (.blocked, true, 5000))
            #expect(budget == 0 && !queue.isEmpty)
            #expect(queue.send(to: socket, budget: &budget) == (.blocked, false, 0))
            budget = 6000
            #expect(queue.send(to: socket, budget: &budget) == (.sent, true, 5000))
            #expect(budget == 2000 && queue.isEmpty)
        }
    }

    @Test func `a file for a greedy reader leaves in turns`() throws {
        let path = NSTemporaryDirectory() + "queue-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(repeating: 3, count: 3_000_000).write(to: URL(filePath: path))
        try Self.withGreedyReader { socket in
            var queue = OutputQueue()
            queue.append(.file(try OpenFile(path: path), offset: 0, length: 3_000_000))
            var turns = 0
            var outcome = OutputQueue.Outcome.blocked
            while outcome == .blocked {
                var budget = 1_000_000
                (outcome, _, _) = queue.send(to: socket, budget: &budget)
                #expect(budget == 0)
                turns += 1
            }
            #expect(outcome == .sent && turns == 3)
        }
    }
}
