/// Reads a multipart/form-data body part by part while it arrives (RFC 7578). Memory stays flat however large it is.
///
/// Used by one task: `nextPart`, then that part's content, and so on.
public final class MultipartReader {
    /// One part: its headers are complete, its content is read next.
    public struct Part: Sendable, Hashable {
        /// The part's header fields.
        public let headers: Headers
        /// The name of the form field.
        public let name: String
        /// The name of the file, without any directory; nil for a plain field.
        public let filename: String?

        /// The media type of the content.
        public var contentType: String? { headers["Content-Type"] }
    }

    private let body: RequestBody
    private var parser: MultipartParser
    private var events: ArraySlice<MultipartParser.Event> = []
    private var isInsidePart = false
    private var partCount = 0

    /// How many parts a body may have.
    private static let maximumParts = 1000

    /// A reader of a request's body.
    ///
    /// - Throws: `HTTPError` 415 where the request is no multipart/form-data, 400 where it names no valid boundary.
    public init(_ request: Request) throws(HTTPError) {
        let type = request.headers["Content-Type"] ?? ""
        let parameters = HeaderParameters(type)
        guard Headers.areEqual(parameters.value, "multipart/form-data") else {
            throw HTTPError(.unsupportedMediaType, "the body must be multipart/form-data, not \"\(type)\"")
        }
        // RFC 2046 §5.1.1: at most 70 characters.
        guard let boundary = parameters["boundary"], (1...70).contains(boundary.utf8.count) else {
            throw .badRequest("the Content-Type names no boundary of 1 to 70 characters")
        }
        body = request.body
        parser = MultipartParser(boundary: boundary)
    }

    /// The next part, past what was not read of the one before; nil after the last.
    ///
    /// - Throws: `HTTPError` 400 where the body is malformed or ends early, and what reading the body throws.
    public nonisolated(nonsending) func nextPart() async throws -> Part? {
        while isInsidePart { _ = try await next() }
        guard case .part(let headers)? = try await nextEvent() else {
            // The rest behind the closing boundary is read, so that the connection can be used again.
            while try await body.next() != nil {}
            return nil
        }
        partCount += 1
        if partCount > Self.maximumParts {
            throw HTTPError.badRequest("the body has more than \(Self.maximumParts) parts")
        }
        isInsidePart = true
        let disposition = HeaderParameters(headers["Content-Disposition"] ?? "")
        guard Headers.areEqual(disposition.value, "form-data"), let name = disposition["name"] else {
            throw HTTPError.badRequest("a part has no Content-Disposition: form-data with a name")
        }
        // What browsers of old sent with a path keeps the last component only.
        let filename = disposition["filename"].map { name in
            String(name.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? "")
        }
        return Part(headers: headers, name: name, filename: filename)
    }

    /// The next bytes of the present part; nil at its end.
    public nonisolated(nonsending) func next() async throws -> [UInt8]? {
        guard isInsidePart else { return nil }
        switch try await nextEvent() {
        case .data(let bytes)?: return bytes
        case .endOfPart?, .part?, .end?, nil:
            isInsidePart = false
            return nil
        }
    }

    /// The whole content of the present part.
    ///
    /// - Parameter limit: bytes.
    /// - Throws: `HTTPError` 413 beyond the limit.
    public nonisolated(nonsending) func collect(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try await next() {
            if bytes.count + chunk.count > limit {
                throw HTTPError.contentTooLarge("a form field is larger than \(limit) bytes")
            }
            bytes += chunk
        }
        return bytes
    }

    /// Hands the content of the present part to `body` as it arrives, such as to write it to a file.
    ///
    /// - Parameter limit: bytes.
    /// - Returns: how many bytes there were.
    /// - Throws: `HTTPError` 413 beyond the limit, before `body` sees the byte that is too many.
    public nonisolated(nonsending) func forEachChunk(upTo limit: Int, _ body: ([UInt8]) throws -> Void) async throws
        -> Int
    {
        var count = 0
        while let chunk = try await next() {
            count += chunk.count
            if count > limit { throw HTTPError.contentTooLarge("the file is larger than \(limit) bytes") }
            try body(chunk)
        }
        return count
    }

    private nonisolated(nonsending) func nextEvent() async throws -> MultipartParser.Event? {
        while events.isEmpty {
            guard let chunk = try await body.next() else {
                if parser.isComplete { return nil }
                throw HTTPError.badRequest("the multipart body ends before its closing boundary")
            }
            var found: [MultipartParser.Event] = []
            try parser.consume(chunk, into: &found)
            events = found[...]
        }
        return events.removeFirst()
    }
}
