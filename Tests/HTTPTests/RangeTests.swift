import Foundation
import POSIX
import Testing

@testable import HTTP

struct RangeTests {
    @Test(arguments: [
        ("bytes=0-0", ByteRanges.ranges([0..<1])), ("bytes=-1", .ranges([9..<10])), ("bytes=5-", .ranges([5..<10])),
        ("bytes=0-99", .ranges([0..<10])), ("bytes=-99", .ranges([0..<10])),
        ("Bytes=2-3, 5-6", .ranges([2..<4, 5..<7])),
        ("bytes=10-", .unsatisfiable), ("bytes=-0", .unsatisfiable), ("bytes=99999999999999999999-", .unsatisfiable),
        ("bytes=5-2", .ignored), ("bytes=a-b", .ignored), ("lines=0-1", .ignored), ("bytes=", .ignored),
        ("bytes", .ignored),
        ("bytes=0-5,3-7", .ignored), ("bytes=-", .ignored), ("bytes=0-0,20-30", .ranges([0..<1])),
        ("bytes=+1-2", .ignored),
    ])
    func `a Range header of ten bytes`(value: String, expected: ByteRanges) {
        #expect(ByteRanges.parse(value, length: 10) == expected)
    }

    @Test func `many ranges are not answered one by one`() {
        let value = "bytes=" + (0..<17).map { "\($0 * 2)-\($0 * 2)" }.joined(separator: ",")
        #expect(ByteRanges.parse(value, length: 1000) == .ignored)
    }

    private func prepare(_ headers: Headers, segments: [FileBody.Segment]) throws -> PreparedResponse {
        let body = FileBody(segments: segments, contentType: "application/x-tar", entityTag: "abc", filename: "ä.tar")
        return try PreparedResponse(.file(body), to: try Request(.get, "/", headers: headers)) {
            fatalError("a file needs no writer")
        }
    }

    /// Removes its file with itself.
    private final class FileOwner: Sendable {
        let path = NSTemporaryDirectory() + "http-tests-\(UUID().uuidString)"

        init() throws { try Data("0123456789".utf8).write(to: URL(filePath: path)) }

        deinit { unlink(path) }
    }

    @Test func `a file that goes with its owner is sent although nobody else holds the owner`() throws {
        let path: String
        let response: PreparedResponse
        do {
            let owner = try FileOwner()
            path = owner.path
            let body = FileBody(segments: [.file(path: path, offset: 2, length: 3)], owner: owner)
            response = try PreparedResponse(.file(body), to: try Request(.get, "/")) {
                fatalError("a file needs no writer")
            }
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        guard case .pieces(let pieces, 3) = response.body, case .file(let file, let offset, 3)? = pieces.first else {
            Issue.record("\(response.body)")
            return
        }
        #expect(try file.descriptor.read(at: offset, upTo: 3) == Array("234".utf8))
    }

    private func bytes(_ response: PreparedResponse) -> [UInt8]? {
        guard case .pieces(let pieces, let length) = response.body else { return nil }
        let bytes = pieces.flatMap { piece -> [UInt8] in
            if case .bytes(let bytes) = piece { bytes } else { [] }
        }
        return bytes.count == length ? bytes : nil
    }

    @Test func `every range of segments laid end to end is the same as of their bytes`() throws {
        let segments: [FileBody.Segment] = [.bytes([0, 1, 2]), .bytes([]), .bytes([3]), .bytes([4, 5, 6, 7])]
        for first in 0..<8 {
            for last in first..<8 {
                let response = try prepare(["Range": "bytes=\(first)-\(last)"], segments: segments)
                #expect(response.status == .partialContent)
                #expect(response.headers["Content-Range"] == "bytes \(first)-\(last)/8")
                #expect(bytes(response) == (first...last).map { UInt8($0) })
            }
        }
    }

    @Test func `two ranges come as parts`() throws {
        let response = try prepare(["Range": "bytes=0-1,4-4"], segments: [.bytes(Array("hello".utf8))])
        let boundary = try #require(response.headers["Content-Type"]?.split(separator: "=").last)
        let part = "Content-Type: application/x-tar\r\nContent-Range: bytes"
        let expected =
            "--\(boundary)\r\n\(part) 0-1/5\r\n\r\nhe\r\n--\(boundary)\r\n\(part) 4-4/5\r\n\r\no\r\n--\(boundary)--\r\n"
        #expect(bytes(response).map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test(arguments: [
        ("If-None-Match", "\"abc\"", 304), ("If-None-Match", "\"x\", W/\"abc\"", 304), ("If-None-Match", "*", 304),
        ("If-None-Match", "\"x\"", 200), ("If-Match", "\"abc\"", 200), ("If-Match", "\"x\"", 412),
        ("If-Match", "W/\"abc\"", 412),
    ])
    func `conditions on the entity tag`(name: String, value: String, status: Int) throws {
        do {
            let response = try prepare([name: value], segments: [.bytes([1])])
            #expect(response.status.code == status)
            #expect(response.headers["ETag"] == "\"abc\"")
        } catch let error as HTTPError {
            #expect(error.status.code == status)
        }
    }

    @Test func `a range of another version is not sent`() throws {
        let segments: [FileBody.Segment] = [.bytes([1, 2, 3])]
        #expect(try prepare(["Range": "bytes=0-0", "If-Range": "\"old\""], segments: segments).status == .ok)
        #expect(
            try prepare(["Range": "bytes=0-0", "If-Range": "\"abc\""], segments: segments).status == .partialContent)
        #expect(throws: HTTPError.self) { try prepare(["Range": "bytes=3-"], segments: segments) }
    }

    @Test func `a name for saving is plain and in full`() {
        #expect(ContentDisposition.attachment("a b.tar") == "attachment; filename=\"a b.tar\"")
        #expect(
            ContentDisposition.attachment("ä\"\r\n.tar")
                == "attachment; filename=\"____.tar\"; filename*=UTF-8''%C3%A4%22%0D%0A.tar")
    }
}
