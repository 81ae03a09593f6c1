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

    /// Events with data of neighbouring pieces joined, or the status of the refusal.
    private func verdict(_ bytes: [UInt8], cuts: [Int]) -> String {
        var parser = MultipartParser(boundary: "b0")
        var events: [MultipartParser.Event] = []
        var start = 0
        for end in cuts + [bytes.count] {
            do throws(HTTPError) {
                try parser.consume(Array(bytes[start..<end]), into: &events)
            } catch {
                return "\(error.status)"
            }
            start = end
        }
        var text = ""
        for event in events {
            switch event {
            case .part(let headers): text += "<\(headers.map { "\($0.name)=\($0.value)" })>"
            case .data(let data): text += "\(data)".dropFirst().dropLast() + ", "
            case .endOfPart: text += "</>"
            case .end: text += "end"
            }
        }
        return text
    }

    @Test func `the verdict is the same at every split`() async {
        let bytes = Array(Self.upload.utf8)
        let whole = verdict(bytes, cuts: [])
        #expect(whole.hasSuffix("end"))
        for cut in 0...bytes.count {
            #expect(verdict(bytes, cuts: [cut]) == whole)
            await Task.yield()
        }
        #expect(verdict(bytes, cuts: Array(0..<bytes.count)) == whole)
    }

    @Test(arguments: 0..<4)
    func `mutated bodies have one verdict`(seed: UInt64) async {
        var random = SplitMix(seed: seed)
        let alphabet = Array("\r\n-b0: ;=\"\\a".utf8) + [0, 0xFF]
        for round in 0..<3000 {
            if round % 20 == 0 { await Task.yield() }
            var bytes = Array(Self.upload.utf8)
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let byte = alphabet.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                default: bytes.remove(at: place)
                }
            }
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            if verdict(bytes, cuts: cuts) != verdict(bytes, cuts: []) { Issue.record("seed \(seed): \(bytes) \(cuts)") }
        }
    }
}
