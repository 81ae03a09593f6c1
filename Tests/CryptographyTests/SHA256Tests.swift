import Cryptography
import Foundation
import Testing

@Suite("Hashes and random bytes")
struct SHA256Tests {
    @Test(
        "match the examples of FIPS 180-4",
        arguments: [
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ])
    func examples(text: String, hex: String) {
        #expect(SHA256.hash(text).hex == hex)
    }

    @Test(
        "are the same for a file as for its bytes, at any size around the buffer's",
        arguments: [0, 1, 1 << 20, 1_048_577])
    func files(size: Int) throws {
        let bytes = randomBytes(size)
        let path = NSTemporaryDirectory() + "hash-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (digest, count) = try SHA256.hash(fileAt: path)
        #expect(digest == SHA256.hash(bytes))
        #expect(count == size)
    }

    @Test("name the file that cannot be read")
    func missingFile() {
        let error = #expect(throws: HashFileError.self) { try SHA256.hash(fileAt: "/nowhere/at/all") }
        #expect(error?.description == "cannot read /nowhere/at/all: No such file or directory")
    }

    @Test("tell equal bytes from others")
    func comparison() {
        #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
        #expect(constantTimeEquals([], []))
        #expect(randomBytes(16) != randomBytes(16))
    }
}
