import Foundation
import POSIX
import Testing

struct DurableFileTests {
    @Test func `a file is replaced as a whole and nothing is left beside it`() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("state.json")
        try DurableFile.write(Array("old".utf8), to: path)
        try DurableFile.write(Array("new and longer".utf8), to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new and longer")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["state.json"])
    }

    @Test func `a writer that fails leaves the old file and no other`() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("state.json")
        try DurableFile.write(Array("old".utf8), to: path)
        #expect(throws: SystemCallError.self) {
            try DurableFile.write(to: path) { (descriptor) throws(SystemCallError) in
                try descriptor.write(all: Array("half".utf8))
                throw SystemCallError(call: "write", code: ENOSPC, path: path)
            }
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["state.json"])
    }

    @Test func `a directory takes its final name with its files`() throws {
        let scratch = try ScratchDirectory()
        try FileManager.default.createDirectory(atPath: scratch.file("temporary"), withIntermediateDirectories: false)
        try DurableFile.write([1, 2, 3], to: scratch.file("temporary/weights"))
        try DurableFile.rename(from: scratch.file("temporary"), to: scratch.file("step-000001"))
        #expect(FileManager.default.contents(atPath: scratch.file("step-000001/weights")) == Data([1, 2, 3]))
    }

    @Test func `two directories exchange their names with all that is in them`() throws {
        let scratch = try ScratchDirectory()
        for (number, name) in ["first", "second"].enumerated() {
            try FileManager.default.createDirectory(atPath: scratch.file(name), withIntermediateDirectories: false)
            try DurableFile.write([UInt8(number)], to: scratch.file("\(name)/weights"))
        }
        try DurableFile.exchange(scratch.file("first"), with: scratch.file("second"))
        #expect(FileManager.default.contents(atPath: scratch.file("first/weights")) == Data([1]))
        #expect(FileManager.default.contents(atPath: scratch.file("second/weights")) == Data([0]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["first", "second"])
        let error = #expect(throws: SystemCallError.self) {
            try DurableFile.exchange(scratch.file("first"), with: scratch.file("third"))
        }
        #expect(error?.isNoSuchFile == true)
    }

    @Test func `permissions are those asked for`() throws {
        let scratch = try ScratchDirectory()
        try DurableFile.write([1], to: scratch.file("secret"), mode: 0o600)
        let status = try FileDescriptor.open(scratch.file("secret")).status()
        #expect(status.st_mode & 0o777 == 0o600)
    }
}
