import Foundation
import POSIX

/// A named pipe between a test and a scripted worker: opening it waits until both are there, and its end tells that the
/// other one has ended.
struct NamedPipe: Sendable {
    let path: String

    init(_ path: String) throws {
        self.path = path
        guard mkfifo(path, 0o600) == 0 else { throw SystemCallError.last("mkfifo", path: path) }
    }

    /// Waits for a reader, and writes a line to it.
    func tell(_ text: String = "go") async throws {
        try await Self.onThread {
            try FileDescriptor.open(path, O_WRONLY).write(all: Array("\(text)\n".utf8))
        }
    }

    /// Waits for a reader.
    ///
    /// - Returns: a descriptor, which the caller closes.
    func openForWriting() async throws -> Int32 {
        try await Self.onThread { try FileDescriptor.open(path, O_WRONLY).release() }
    }

    /// Waits for a writer, and until all writers are gone.
    ///
    /// - Returns: what they wrote.
    func hear() async throws -> String {
        try await Self.onThread { String(decoding: try FileDescriptor.open(path).readToEnd(), as: UTF8.self) }
    }

    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            PlatformThread.detach(name: "pipe") { continuation.resume(with: Result(catching: body)) }
        }
    }
}
