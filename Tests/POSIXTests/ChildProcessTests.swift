import Foundation
import POSIX
import Testing

struct ChildProcessTests {
    @Test(arguments: [0, 1, 7, 255])
    func `the exit status arrives`(status: Int32) async throws {
        let child = try ChildProcess("/bin/sh", arguments: ["-c", "exit \(status)"], environment: [:])
        #expect(await child.waitForExit() == .exited(status))
        #expect(child.exit == .exited(status))
        #expect(try !child.send(.terminate))
    }

    @Test func `the child sees its arguments unchanged, its environment and its directory`() async throws {
        let scratch = try ScratchDirectory()
        let pipe = try FileDescriptor.pipe()
        let child = try ChildProcess(
            "/bin/sh", arguments: ["-c", "printf '%s|' \"$1\" \"$NAME\" \"$PWD\"", "sh", "a b'\"$(id)"],
            environment: ["NAME": "value with spaces"], directory: scratch.path, output: pipe.write.raw)
        #expect(await child.waitForExit().isSuccess)
        let text = String(decoding: try pipe.read.read(upTo: 4096), as: UTF8.self)
        #expect(text == "a b'\"$(id)|value with spaces|\(scratch.path)|")
    }

    @Test func `input, output and error go where they are told`() async throws {
        let input = try FileDescriptor.pipe()
        let output = try FileDescriptor.pipe()
        let error = try FileDescriptor.pipe()
        let child = try ChildProcess(
            "/bin/sh", arguments: ["-c", "cat; echo oops >&2"], environment: [:], input: input.read.raw,
            output: output.write.raw, error: error.write.raw)
        try input.write.write(all: Array("hello".utf8))
        try input.write.close()
        #expect(await child.waitForExit().isSuccess)
        #expect(try output.read.read(upTo: 64) == Array("hello".utf8))
        #expect(try error.read.read(upTo: 64) == Array("oops\n".utf8))
    }

    @Test func `no other descriptor is inherited`() async throws {
        let scratch = try ScratchDirectory()
        let leaky = open(scratch.file("leak"), O_RDWR | O_CREAT, 0o600)
        defer { close(leaky) }
        let pipe = try FileDescriptor.pipe()
        let child = try ChildProcess(
            "/bin/ls", arguments: ["/proc/self/fd"], environment: [:], output: pipe.write.raw)
        #expect(await child.waitForExit().isSuccess)
        let listed = String(decoding: try pipe.read.read(upTo: 4096), as: UTF8.self).split(separator: "\n")
        // 3 is the directory that ls itself reads.
        #expect(listed == ["0", "1", "2", "3"])
    }

    @Test func `the child leads a session and a group of its own`() async throws {
        let pipe = try FileDescriptor.pipe()
        let child = try ChildProcess("/bin/cat", arguments: [], environment: [:], input: pipe.read.raw)
        #expect(getsid(child.identifier) == child.identifier)
        #expect(getpgid(child.identifier) == child.identifier)
        try pipe.write.close()
        #expect(await child.waitForExit().isSuccess)
    }

    @Test func `a signal to the group ends the grandchildren too`() async throws {
        let pipe = try FileDescriptor.pipe()
        let child = try ChildProcess(
            "/bin/sh", arguments: ["-c", "sleep 60 & echo ready; wait"], environment: ["PATH": "/usr/bin:/bin"],
            output: pipe.write.raw)
        #expect(await read(pipe.read.raw, upTo: 16) == Array("ready\n".utf8))
        try pipe.write.close()
        try child.sendToGroup(.kill)
        #expect(await child.waitForExit() == .signalled(9))
        // The end of the pipe comes only when every process that held it is gone.
        #expect(await read(pipe.read.raw, upTo: 16).isEmpty)
    }

    @Test func `a program that does not exist is an error that names it`() throws {
        let error = #expect(throws: SystemCallError.self) {
            _ = try ChildProcess("/no/such/program", arguments: [], environment: [:])
        }
        #expect(error?.code == ENOENT)
        #expect(error?.path == "/no/such/program")
    }

    @Test func `fifty children at once are all waited for`() async throws {
        let children = try (0..<50).map { index in
            try ChildProcess("/bin/sh", arguments: ["-c", "exit \(index)"], environment: [:])
        }
        for (index, child) in children.enumerated() { #expect(await child.waitForExit() == .exited(Int32(index))) }
    }
}
