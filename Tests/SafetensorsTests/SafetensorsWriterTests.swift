import Foundation
import JSON
import Testing

@testable import Safetensors

@Suite struct SafetensorsWriterTests {
    @Test func `the same tensors give the same bytes as the Python package`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/ours.safetensors"
        let expected = try Fixture.json("reference.json").object!.members.map { member in
            (
                name: member.name, shape: member.value["shape"]!.array!.map { $0.integer! },
                values: member.value["values"]!.array!.map { Float($0.number!) }
            )
        }
        var buffers: [UnsafeMutableBufferPointer<Float>] = []
        defer { buffers.forEach { $0.deallocate() } }
        let entries = expected.map { tensor in
            let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: tensor.values.count)
            _ = buffer.initialize(fromContentsOf: tensor.values)
            buffers.append(buffer)
            return SafetensorsEntry(name: tensor.name, shape: tensor.shape, values: UnsafeBufferPointer(buffer))
        }
        let writer = try SafetensorsWriter(entries)
        try writer.write(toNewFile: path)
        let ours = try Data(contentsOf: URL(filePath: path))
        #expect(ours == (try Data(contentsOf: URL(filePath: Fixture.path("reference.safetensors")))))
        #expect(ours.count == writer.byteCount)
    }

    @Test func `what was written is read back, whatever the bits`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/x.safetensors"
        let values: [Float] = [0, -0.0, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan]
        try values.withUnsafeBufferPointer { buffer in
            try SafetensorsWriter([SafetensorsEntry(name: "x", shape: [2, 3], values: buffer)], metadata: [:])
                .write(toNewFile: path)
        }
        let read = try SafetensorsFile(path: path)
        #expect(try read.floats("x").map(\.bitPattern) == values.map(\.bitPattern))
        #expect(read.metadata.isEmpty)
        #expect(read.header.dataOffset % 8 == 0)
    }

    @Test func `an existing file is not replaced`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("x.safetensors", [1, 2, 3])
        #expect { try SafetensorsWriter([]).write(toNewFile: path) } throws: { "\($0)".contains("File exists") }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 3]))
    }

    @Test func `a full disk is an error that names the file`() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect {
            try SafetensorsWriter([]).write(to: descriptor, path: "/dev/full")
        } throws: {
            guard case .system("write", "/dev/full", ENOSPC, _)? = $0 as? SafetensorsError else { return false }
            return true
        }
    }

    @Test func `a name twice, a reserved name and a wrong shape are refused`() throws {
        [Float](repeating: 0, count: 4).withUnsafeBufferPointer { buffer in
            func entry(_ name: String, _ shape: [Int]) -> SafetensorsEntry {
                SafetensorsEntry(name: name, shape: shape, values: buffer)
            }
            for entries in [
                [entry("a", [4]), entry("a", [2, 2])], [entry("__metadata__", [4])], [entry("a", [3])],
                [entry("a", [-2, -2])],
            ] {
                #expect(throws: SafetensorsError.self) { try SafetensorsWriter(entries) }
            }
        }
    }
}
