import POSIX
import Testing

struct FileLockTests {
    @Test func `a second owner is refused, and may have the lock after the first let go`() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("lock")
        var first = try FileLock.tryAcquire(path)
        #expect(first != nil)
        #expect(try FileLock.tryAcquire(path) == nil)
        first = nil
        #expect(try FileLock.tryAcquire(path) != nil)
    }

    @Test func `asking does not take the lock`() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("lock")
        #expect(try !FileLock.isHeld(path))
        let lock = try FileLock.tryAcquire(path)
        #expect(try FileLock.isHeld(path))
        #expect(try FileLock.isHeld(path))
        withExtendedLifetime(lock) {}
    }

    @Test func `a lock ends with the process that held it`() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("lock")
        let pipe = try FileDescriptor.pipe()
        let script = """
            import fcntl, struct, sys, time
            f = open(sys.argv[1], "w")
            fcntl.fcntl(f, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
            print("held", flush=True)
            time.sleep(60)
            """
        let child = try ChildProcess(
            "/usr/bin/env", arguments: ["python3", "-c", script, path],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
            output: pipe.write.raw)
        let said = await read(pipe.read.raw, upTo: 16)
        #expect(String(decoding: said, as: UTF8.self) == "held\n")
        #expect(try FileLock.isHeld(path))
        #expect(try FileLock.tryAcquire(path) == nil)
        try child.sendToGroup(.kill)
        #expect(await child.waitForExit() == .signalled(9))
        #expect(try !FileLock.isHeld(path))
    }

    @Test func `a directory that does not exist is an error that names it`() throws {
        let error = #expect(throws: SystemCallError.self) { _ = try FileLock.tryAcquire("/no/such/lock") }
        #expect(error?.description.contains("/no/such/lock") == true)
    }
}
