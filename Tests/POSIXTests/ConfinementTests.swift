import Foundation
import POSIX
import Testing

/// What a real process can still do after it has confined itself.
@Suite(.enabled(if: Protection.available.isWhole))
struct ConfinementTests {
    private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "confined-program").path

    private let scratch: ScratchDirectory
    private var inside: String { scratch.file("readable") }
    private var own: String { scratch.file("writable") }
    private var outside: String { scratch.file("outside") }

    init() throws {
        scratch = try ScratchDirectory()
        for folder in [inside, own, outside, "\(inside)/below"] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        }
        for path in ["\(inside)/below/file", "\(own)/old", "\(outside)/secret"] {
            try Data("content".utf8).write(to: URL(filePath: path))
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(inside)/way-out", withDestinationPath: "\(outside)/secret")
    }

    /// What the program says of each attempt.
    private func outcomes(_ attempts: String...) async throws -> [String] {
        let pipe = try FileDescriptor.pipe()
        let child = try ChildProcess(
            Self.program, arguments: [inside, own] + attempts, environment: [:], output: pipe.write.raw)
        try pipe.write.close()
        #expect(await child.waitForExit().isSuccess)
        let output = String(decoding: try pipe.read.readToEnd(), as: UTF8.self)
        return output.split(separator: "\n").map(String.init)
    }

    @Test func `reads what it may and nothing else, not by a link either`() async throws {
        let outcomes = try await outcomes(
            "read:\(inside)/below/file", "list:\(inside)/below", "read:\(outside)/secret", "list:\(outside)",
            "read:\(inside)/way-out", "read:\(inside)/../outside/secret", "read:/etc/passwd", "read:/proc/self/maps")
        #expect(
            outcomes == [
                "read done", "list done", "read EACCES", "list EACCES", "read EACCES", "read EACCES", "read EACCES",
                "read EACCES",
            ])
    }

    @Test func `changes what is its own and nothing else`() async throws {
        let outcomes = try await outcomes(
            "write:\(own)/new", "folder:\(own)/folder", "cut:\(own)/old", "rename:\(own)/new",
            "remove:\(own)/old", "write:\(inside)/below/file", "write:\(inside)/new", "remove:\(inside)/below/file",
            "write:\(outside)/new", "cut:\(outside)/secret", "folder:\(outside)/folder", "rename:\(outside)/secret",
            "remove:\(outside)/secret")
        #expect(outcomes.prefix(5).allSatisfy { $0.hasSuffix("done") }, "\(outcomes)")
        #expect(outcomes.dropFirst(5).allSatisfy { $0.hasSuffix("EACCES") }, "\(outcomes)")
        #expect(try String(contentsOfFile: "\(outside)/secret", encoding: .utf8) == "content")
        #expect(try String(contentsOfFile: "\(inside)/below/file", encoding: .utf8) == "content")
    }

    @Test func `makes neither links nor pipes, by which it could lead others astray`() async throws {
        #expect(try await outcomes("link:\(own)/link", "pipe:\(own)/pipe") == ["link EACCES", "pipe EACCES"])
    }

    @Test func `connects to nobody, starts nothing and signals nobody outside`() async throws {
        let listener = try Socket.listening(on: .loopback(), backlog: 1)
        let port = try listener.localAddress().port
        let outcomes = try await outcomes("connect:\(port)", "execute:/bin/true", "signal:\(getpid())", "dump:")
        #expect(outcomes == ["connect EPERM", "execute EPERM", "signal EPERM", "dump errno 0"])
        #expect(try listener.accept() == nil)
    }

    @Test func `has no more memory than it was granted`() async throws {
        #expect(try await outcomes("allocate:32", "allocate:1024") == ["allocate done", "allocate ENOMEM"])
    }

    @Test func `is not begun while other threads run, which would stay outside`() async throws {
        let error = #expect(throws: SystemCallError.self) {
            try Confinement(readablePaths: [], writablePaths: []).begin()
        }
        #expect(error?.code == EBUSY)
    }
}
