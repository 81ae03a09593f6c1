import Foundation
import POSIX
import Testing

struct SignalsTests {
    @Test func `a signal becomes a value of the stream`() async throws {
        var signals = try Signals.stream([.user1]).makeAsyncIterator()
        try Signals.send(.user1, to: getpid())
        #expect(await signals.next() == .user1)
        try Signals.send(.user1, to: getpid())
        #expect(await signals.next() == .user1)
    }

    @Test func `a closed pipe is an error and not the end`() throws {
        Signals.ignoreBrokenPipe()
        let descriptor = try Self.endOfPipeWithoutReader()
        let error = #expect(throws: SystemCallError.self) { try descriptor.write(all: [1]) }
        #expect(error?.code == EPIPE)
    }

    private static func endOfPipeWithoutReader() throws -> FileDescriptor {
        let pipe = try FileDescriptor.pipe()
        return try pipe.write.duplicate()
    }
}
