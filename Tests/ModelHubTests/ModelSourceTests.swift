import Foundation
import ModelHub
import Testing

@Suite("The source of a model")
struct ModelSourceTests {
    @Test("is a repository of a hub, with a revision or without")
    func repository() throws {
        guard case .hub(let plain) = try ModelSource(parsing: "hf:sentence-transformers/all-MiniLM-L6-v2"),
            case .hub(let exact) = try ModelSource(parsing: "hf:acme/tiny@refs/pr/1")
        else {
            Issue.record("hf: names a repository")
            return
        }
        #expect(plain.description == "sentence-transformers/all-MiniLM-L6-v2")
        #expect(plain.revision == "main")
        #expect(exact.revision == "refs/pr/1")
    }

    @Test(
        "is refused where it makes no sense",
        arguments: [
            "hf:", "hf:tiny", "hf:a/b/c", "hf:../tiny", "hf:acme/..", "hf:acme/tiny@", "hf:acme/tiny@../x",
            "hf:acme/ti ny", "hf:acme/tiny?x", "hf:acme/%2e%2e", "/no/such/directory", "ftp:acme/tiny", "",
        ])
    func malformed(text: String) {
        let error = #expect(throws: PullError.self) { try ModelSource(parsing: text) }
        #expect(error?.description.contains("Give hf:ORG/NAME") == true)
    }

    @Test("may be a directory, whose files are copied, links followed")
    func directory() async throws {
        let scratch = try ScratchDirectory()
        try scratch.write(Array("{}".utf8), to: "blobs/1")
        try scratch.write([1, 2, 3], to: "snapshot/model.safetensors")
        try scratch.write([], to: "snapshot/vocab.txt")
        try scratch.write([7], to: "snapshot/pytorch_model.bin")
        try FileManager.default.createSymbolicLink(
            atPath: "\(scratch.path)/snapshot/config.json", withDestinationPath: "../blobs/1")
        let source = try ModelSource(parsing: "\(scratch.path)/snapshot")
        let result = try await Pull(source, as: "copy", into: "\(scratch.path)/models").run(verify: { _ in }) { _ in }
        #expect(result.bytes == 5)
        #expect(scratch.listing().filter { $0.hasPrefix("models/copy/") }.count == 3)
        #expect(try scratch.read("models/copy/config.json") == Array("{}".utf8))
        let error = #expect(throws: PullError.self) { try Pull(source, as: "../up", into: scratch.path) }
        #expect(error?.description.contains("cannot be a model's name") == true)
    }
}
