import Cryptography
import Foundation
import HTTP
import Synchronization

/// What a hub on the loopback interface holds, how it misbehaves, and what it was asked for.
final class HubContents: Sendable {
    /// A file of the repository `acme/tiny`.
    struct File: Sendable {
        var path: String
        var content: [UInt8]
        /// Whether it lies in large file storage, with its SHA-256 in the listing.
        var isLarge = false
        /// What the listing says, where that is not the truth.
        var claimedSHA256: String?
        var claimedBytes: Int?
        var claimedOID: String?
    }

    /// A request for a file's content.
    struct Asked: Sendable, Hashable {
        let path: String
        let range: String?
    }

    struct State: Sendable {
        var files: [File]
        var asked: [Asked] = []
        /// Contents end without notice after so many bytes.
        var breaksAfter: Int?
        /// Whether a request for a part is answered with the whole.
        var ignoresRanges = false
        /// The status of every request for large content but the first so many.
        var refusal: (status: Int, after: Int)?
        var pageSize = 1000
        /// What the listing is in place of the truth.
        var listing: String?
        /// Where the listing is sent on to.
        var listingMovedTo: String?

        /// The hub answers in full again.
        mutating func recover() {
            breaksAfter = nil
            refusal = nil
        }
    }

    private let state: Mutex<State>

    init(_ files: [File]) { state = Mutex(State(files: files)) }

    func change(_ body: @Sendable (inout State) -> Void) { state.withLock { body(&$0) } }

    /// The requests for contents since the last time.
    func takeAsked() -> [Asked] {
        state.withLock { state in
            defer { state.asked = [] }
            return state.asked
        }
    }

    func tree(_ request: Request) throws -> Response {
        let state = state.withLock { $0 }
        if let place = state.listingMovedTo { return Response(Status(302), headers: ["Location": place]) }
        if let listing = state.listing { return Response(contentType: "application/json", Array(listing.utf8)) }
        let start = request.query.first("cursor").flatMap(Int.init) ?? 0
        let page = state.files.dropFirst(start).prefix(state.pageSize)
        var response = Response(
            contentType: "application/json", Array("[\(page.map(entry).joined(separator: ","))]".utf8))
        let end = start + page.count
        if end < state.files.count {
            response.headers["Link"] = "<\(request.path)?recursive=true&cursor=\(end)>; rel=\"next\""
        }
        return response
    }

    private func entry(_ file: File) -> String {
        let bytes = file.claimedBytes ?? file.content.count
        let oid = file.claimedOID ?? String(SHA256.hash(file.content).hex.prefix(40))
        let digest = file.claimedSHA256 ?? SHA256.hash(file.content).hex
        let large = file.isLarge ? ",\"lfs\":{\"oid\":\"\(digest)\",\"size\":\(bytes),\"pointerSize\":134}" : ""
        return "{\"type\":\"file\",\"oid\":\"\(oid)\",\"size\":\(bytes),\"path\":\"\(file.path)\"\(large)}"
    }

    /// Small files at once; large ones by a redirect to another place.
    func resolve(_ request: Request) throws -> Response {
        let path = request.parameters["path"] ?? ""
        let file = try find(path)
        if file.isLarge { return Response(Status(302), headers: ["Location": "/storage/\(path)"]) }
        state.withLock { $0.asked.append(Asked(path: path, range: request.headers["Range"])) }
        return .file(FileBody(segments: [.bytes(file.content)]))
    }

    func content(_ request: Request) throws -> Response {
        let file = try find(request.parameters["path"] ?? "")
        let range = request.headers["Range"]
        let (state, count) = state.withLock { state -> (State, Int) in
            state.asked.append(Asked(path: file.path, range: range))
            return (state, state.asked.filter { $0.path == file.path }.count)
        }
        if let refusal = state.refusal, count > refusal.after { return .text("no", status: Status(refusal.status)) }
        guard let limit = state.breaksAfter else {
            return state.ignoresRanges ? whole(file) : .file(FileBody(segments: [.bytes(file.content)]))
        }
        let start = range.flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0
        let part = Array(file.content[start...].prefix(limit))
        let isLast = start + part.count == file.content.count
        var response = Response.stream(contentType: "application/octet-stream") { writer in
            try await writer.write(part)
            if !isLast { throw HTTPError.notFound("broken off") }
        }
        if start > 0 {
            response.status = Status(206)
            response.headers["Content-Range"] = "bytes \(start)-\(file.content.count - 1)/\(file.content.count)"
        }
        return response
    }

    private func whole(_ file: File) -> Response {
        .stream(contentType: "application/octet-stream") { try await $0.write(file.content) }
    }

    private func find(_ path: String) throws -> File {
        guard let file = state.withLock({ $0.files.first { $0.path == path } }) else {
            throw HTTPError.notFound("no file \(path)")
        }
        return file
    }
}
