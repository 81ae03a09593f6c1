/// An answer. The server adds `Date`, `Content-Length` or `Transfer-Encoding`, `Connection` and `x-request-id`.
public struct Response: Sendable {
    /// What the body is made of.
    public enum Body: Sendable {
        /// Nothing.
        case none
        /// Bytes in memory.
        case bytes([UInt8])
        /// A file, or pieces laid end to end. The server answers Range, If-Range, If-None-Match and the like.
        case file(FileBody)
        /// Bytes made while they are sent.
        case stream(StreamBody)
    }

    /// The status.
    public var status: Status
    /// The header fields.
    public var headers: Headers
    /// The body.
    public var body: Body

    /// An answer.
    public init(_ status: Status = .ok, headers: Headers = [:], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Bytes with their media type.
    public init(_ status: Status = .ok, contentType: String, _ bytes: [UInt8], headers: Headers = [:]) {
        self.init(status, headers: headers, body: .bytes(bytes))
        self.headers["Content-Type"] = contentType
    }

    /// Plain text.
    public static func text(_ text: String, status: Status = .ok) -> Response {
        Response(status, contentType: "text/plain; charset=utf-8", Array(text.utf8))
    }

    /// A file with Range, ETag and the rest handled by the server.
    public static func file(_ file: FileBody, headers: Headers = [:]) -> Response {
        Response(headers: headers, body: .file(file))
    }

    /// A body that `produce` writes; chunked, or ended by closing for HTTP/1.0.
    public static func stream(
        contentType: String, headers: Headers = [:], _ produce: @escaping @Sendable (BodyWriter) async throws -> Void
    ) -> Response {
        var response = Response(headers: headers, body: .stream(StreamBody(produce: produce)))
        response.headers["Content-Type"] = contentType
        return response
    }
}
