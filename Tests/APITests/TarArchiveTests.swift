import Foundation
import HTTP
import Testing

@testable import API

struct TarArchiveTests {
    /// Writes the entries' files and the archive's bytes below a new directory.
    private func archive(_ files: [(name: String, content: [UInt8])]) throws -> (TarArchive, [UInt8], URL) {
        let directory = try TemporaryDirectory.make()
        let entries = try files.map { file in
            let url = directory.appending(path: file.name)
            try Data(file.content).write(to: url)
            return TarArchive.Entry(name: file.name, path: url.path, bytes: file.content.count, sha256: file.name)
        }
        let archive = try TarArchive(directory: "model-step-3", entries: entries, modified: 1_700_000_000)
        var bytes: [UInt8] = []
        for segment in archive.segments {
            switch segment {
            case .bytes(let piece): bytes += piece
            case .file(let path, let offset, let length):
                bytes += Array(try Data(contentsOf: URL(filePath: path)))[offset..<offset + length]
            case .wholeFile: Issue.record("a tar entry needs its length")
            }
        }
        return (archive, bytes, directory)
    }

    @Test(arguments: [0, 1, 511, 512, 513, 100_000])
    func `The system's tar unpacks what was put in, whatever the size`(size: Int) throws {
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (archive, bytes, directory) = try archive([
            ("model.safetensors", content), ("config.json", Array("{}".utf8)),
        ])
        #expect(bytes.count == archive.bytes)
        #expect(bytes.count.isMultiple(of: 512))
        let file = directory.appending(path: "archive.tar")
        try Data(bytes).write(to: file)
        let listing = try Shell.run("/bin/tar", ["-tvf", file.path])
        #expect(listing.contains("model-step-3/model.safetensors"))
        _ = try Shell.run("/bin/tar", ["-xf", file.path, "-C", directory.path])
        let unpacked = directory.appending(path: "model-step-3")
        #expect(Array(try Data(contentsOf: unpacked.appending(path: "model.safetensors"))) == content)
        #expect(try String(contentsOf: unpacked.appending(path: "config.json"), encoding: .utf8) == "{}")
    }

    @Test func `The same files give the same bytes and entity tag, other content another tag`() throws {
        let one = try archive([("a", [1, 2, 3])])
        let two = try archive([("a", [1, 2, 3])])
        let other = try archive([("b", [1, 2, 3])])
        #expect(one.1 == two.1)
        #expect(one.0.entityTag == two.0.entityTag)
        #expect(one.0.entityTag != other.0.entityTag)
    }

    @Test func `A name that no header can hold is refused`() throws {
        let long = TarArchive.Entry(name: String(repeating: "n", count: 101), path: "/x", bytes: 1, sha256: "")
        #expect(throws: APIError.self) { try TarArchive(directory: "d", entries: [long], modified: 0) }
    }

    @Test func `A file beyond 8 GiB has its size in binary`() throws {
        let big = TarArchive.Entry(name: "big", path: "/x", bytes: 9 << 30, sha256: "")
        let archive = try TarArchive(directory: "d", entries: [big], modified: 0)
        #expect(archive.bytes == 9 << 30 + 4 * 512)
        guard case .bytes(let headers) = archive.segments[0] else {
            Issue.record("an archive begins with headers")
            return
        }
        #expect(Array(headers[512 + 124..<512 + 136]) == [0x80, 0, 0, 0, 0, 0, 0, 2, 0x40, 0, 0, 0])
    }
}
