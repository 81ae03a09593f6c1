import ParserVerdicts
import SeededNumbers
import Testing

@testable import HTTP

struct MultipartTests {
    /// As the official clients send an upload.
    static let upload =
        "--b0\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n"
        + "--b0\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n"
        + "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\dir\\a \\\"b\\\".jsonl\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\nline\r\n--b\r\n\r\n--b\r\n--b0--\r\n"

    private func reader(_ body: String, type: String = "multipart/form-data; boundary=b0") throws -> MultipartReader {
        try MultipartReader(Request(.post, "/", headers: ["Content-Type": type], body: Array(body.utf8)))
    }

    @Test func `parts come with their names and content`() async throws {
        let reader = try reader(Self.upload)
        let purpose = try await reader.nextPart()
        #expect(purpose?.name == "purpose" && purpose?.filename == nil)
        #expect(try await reader.collect(upTo: 100) == Array("fine-tune".utf8))
        #expect(try await reader.nextPart()?.name == "empty")
        #expect(try await reader.collect(upTo: 100).isEmpty)
        let file = try await reader.nextPart()
        #expect(file?.filename == "a \"b\".jsonl" && file?.contentType == "application/octet-stream")
        #expect(try await reader.collect(upTo: 100) == Array("line\r\n--b\r\n\r\n--b".utf8))
        #expect(try await reader.nextPart() == nil)
    }

    @Test func `a part that is not read is passed over, a field that is too large refused`() async throws {
        let first = try reader(Self.upload)
        #expect(try await first.nextPart()?.name == "purpose")
        #expect(try await first.nextPart()?.name == "empty")
        let second = try reader(Self.upload)
        _ = try await second.nextPart()
        let error = await #expect(throws: HTTPError.self) { try await second.collect(upTo: 8) }
        #expect(error?.status == .contentTooLarge)
    }

    @Test func `a file is handed on as it arrives, up to a limit`() async throws {
        let reader = try reader(Self.upload)
        while let part = try await reader.nextPart(), part.name != "file" {}
        var bytes: [UInt8] = []
        #expect(try await reader.forEachChunk(upTo: 16) { bytes += $0 } == 16)
        #expect(bytes == Array("line\r\n--b\r\n\r\n--b".utf8))
        let other = try self.reader(Self.upload)
        while let part = try await other.nextPart(), part.name != "file" {}
        let error = await #expect(throws: HTTPError.self) { _ = try await other.forEachChunk(upTo: 15) { _ in } }
        #expect(error?.status == .contentTooLarge)
    }

    @Test(arguments: [
        "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=b0", "",
    ])
    func `another media type, or no boundary, is refused`(type: String) throws {
        #expect(throws: HTTPError.self) { try reader("", type: type) }
    }

    @Test(arguments: [
        "", "no boundary at all", "--b0\r\n", "--b0\r\n\r\nx\r\n--b0--\r\n", "--b0x\r\n\r\n",
        "--b0\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b0--",
        "--b0\r\nContent-Disposition : form-data; name=\"a\"\r\n\r\nx\r\n--b0--",
        "--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
        "--b0\nContent-Disposition: form-data; name=\"a\"\n\nx\n--b0--", String(repeating: "preamble ", count: 500),
        "--b0\r\nX: " + String(repeating: "v", count: 9000) + "\r\n\r\n\r\n--b0--",
    ])
    func `a malformed body is an error and no endless wait`(body: String) async throws {
        let reader = try reader(body)
        await #expect(throws: HTTPError.self) {
            while try await reader.nextPart() != nil { _ = try await reader.collect(upTo: 1000) }
        }
    }

    @Test func `the verdict is the same at every split`() async {
        let bytes = Array(Self.upload.utf8)
        let whole = MultipartVerdict(bytes)
        #expect(whole.isComplete && whole.parts.map(\.name) == ["purpose", "empty", "file"])
        for cut in 0...bytes.count {
            #expect(MultipartVerdict(bytes, cuts: [cut]) == whole)
            await Task.yield()
        }
        #expect(MultipartVerdict(bytes, cuts: Array(0..<bytes.count)) == whole)
    }

    /// The program `fuzz` goes on from here.
    @Test(arguments: 0..<4)
    func `mutated bodies have one verdict`(seed: UInt64) async {
        var random = SplitMix(seed: seed)
        for round in 0..<300 {
            if round % 20 == 0 { await Task.yield() }
            let bytes = Mutator.multipartBodies.input(&random)
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            let cut = MultipartVerdict(bytes, cuts: cuts)
            if cut != MultipartVerdict(bytes) { Issue.record("seed \(seed): \(bytes) \(cuts)") }
            if let rule = cut.brokenRule { Issue.record("seed \(seed): \(rule) in \(bytes)") }
        }
    }
}
