import HTTP
import JSON

/// A request's JSON body, read and parsed within limits.
enum JSONBody {
    /// A body may be this long, in bytes.
    static let limit = 1 << 20

    /// The parsed body and its bytes.
    ///
    /// - Throws: 415 for another content type, 413 beyond the limit, 400 with the position where it is not JSON.
    static func read(_ request: Request) async throws -> (value: JSONValue, bytes: [UInt8]) {
        try requireContentType(request)
        let bytes = try await request.body.collect(upTo: limit)
        do {
            return (try JSONValue(parsing: bytes, limits: JSONLimits(depth: 64)), bytes)
        } catch {
            throw APIError(.badRequest, code: "invalid_json", "the request body is not JSON: \(error)")
        }
    }

    /// Reads a body that must be empty or an empty object, as of cancel, pause and resume.
    static func readNothing(_ request: Request) async throws {
        let bytes = try await request.body.collect(upTo: limit)
        if bytes.isEmpty { return }
        try requireContentType(request)
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw APIError(.badRequest, code: "invalid_json", "the request body is not JSON: \(error)")
        }
        try JSONCursor(value).fields().finish()
    }

    /// Requires `application/json`, which no HTML form can send: a page elsewhere cannot make a browser post here.
    private static func requireContentType(_ request: Request) throws {
        let sent = request.headers["Content-Type"] ?? ""
        let parts = sent.split(separator: ";", omittingEmptySubsequences: false)
        let type = (parts.first.map(String.init) ?? "").trimmed.lowercased()
        let charset = parts.dropFirst().map { String($0).trimmed.lowercased() }.first { $0.hasPrefix("charset=") }
        let isUTF8 = charset.map { ["charset=utf-8", "charset=\"utf-8\""].contains($0) } ?? true
        guard type == "application/json", isUTF8 else {
            let got = sent.isEmpty ? "none" : "\"\(sent.prefix(100))\""
            throw APIError(
                .unsupportedMediaType, code: "unsupported_content_type",
                "expected Content-Type: application/json (UTF-8), got \(got)")
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
