import Foundation
import Testing

@testable import Safetensors

@Suite struct SafetensorsDirectoryTests {
    func shard(_ name: String, _ value: UInt8) -> [UInt8] {
        file(#"{"\#(name)":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}"#, data: [0, value])
    }

    @Test func `shards are one set of tensors`() throws {
        let directory = try TemporaryDirectory()
        _ = try directory.write("model-00001-of-00002.safetensors", shard("a", 0x40))
        _ = try directory.write("model-00002-of-00002.safetensors", shard("b", 0x41))
        let index = """
            {"metadata":{"total_size":4},"weight_map":{"b":"model-00002-of-00002.safetensors",\
            "a":"model-00001-of-00002.safetensors"}}
            """
        _ = try directory.write("model.safetensors.index.json", Array(index.utf8))
        let opened = try SafetensorsDirectory(path: directory.path)
        #expect(opened.names == ["a", "b"])
        #expect(opened.files.count == 2)
        #expect(try opened.floats("a") == [2])
        #expect(try opened.floats("b") == [8])
        #expect(opened.tensor(named: "a")?.shape == [1])
        #expect(throws: SafetensorsError.missingTensor(name: "c", path: directory.path)) { try opened.floats("c") }
    }

    @Test func `a single file is preferred to an index`() throws {
        let directory = try TemporaryDirectory()
        _ = try directory.write("model.safetensors", shard("a", 0x40))
        _ = try directory.write("model.safetensors.index.json", Array("broken".utf8))
        #expect(try SafetensorsDirectory(path: directory.path).names == ["a"])
    }

    @Test func `a directory without weights says which files it wants`() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: SafetensorsError.noWeights(path: directory.path)) {
            try SafetensorsDirectory(path: directory.path)
        }
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"weight_map":{}}"#, #"{"weight_map":[]}"#, #"{"weight_map":{"a":1}}"#,
        #"{"weight_map":{"a":"../model.safetensors"}}"#, #"{"weight_map":{"a":"/etc/passwd"}}"#,
        #"{"weight_map":{"a":"/tmp/x.safetensors"}}"#, #"{"weight_map":{"a":"x\u0000.safetensors"}}"#,
        #"{"weight_map":{"a":"pytorch_model.bin"}}"#,
    ])
    func `an index that is broken or leaves its directory is refused`(_ text: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("model.safetensors.index.json", Array(text.utf8))
        #expect {
            try SafetensorsDirectory(path: directory.path)
        } throws: {
            guard case .malformedIndex(path, _)? = $0 as? SafetensorsError else { return false }
            return true
        }
    }

    @Test func `an index that names a missing tensor or file is refused`() throws {
        let directory = try TemporaryDirectory()
        let index = directory.path + "/model.safetensors.index.json"
        try Data(#"{"weight_map":{"z":"s.safetensors"}}"#.utf8).write(to: URL(filePath: index))
        #expect { try SafetensorsDirectory(path: directory.path) } throws: { "\($0)".contains("s.safetensors") }
        let path = try directory.write("s.safetensors", shard("a", 0x40))
        #expect(throws: SafetensorsError.missingTensor(name: "z", path: path)) {
            try SafetensorsDirectory(path: directory.path)
        }
    }
}
