import POSIX

/// A response with every decision about it made: what a connection sends.
struct PreparedResponse: Sendable {
    /// What is sent as the body.
    enum Body: Sendable {
        /// Nothing; the length is that of the body that GET would have, nil where it is not known.
        case none(length: Int?)
        case bytes([UInt8])
        case pieces([BodyPiece], length: Int)
        case stream(BodyWriter, StreamBody)
    }

    var status: Status
    var headers: Headers
    var body: Body

    /// A response of bytes.
    init(status: Status, headers: Headers, bytes: [UInt8]) {
        self.status = status
        self.headers = headers
        body = status.forbidsBody ? .none(length: nil) : .bytes(bytes)
    }

    /// Opens files, and answers conditions and ranges (RFC 9110 §13, §14).
    ///
    /// - Parameter makeWriter: makes the writer of a streamed body.
    /// - Throws: `HTTPError` 404, or `SystemCallError`, where a file cannot be opened.
    init(_ response: Response, to request: Request?, makeWriter: () -> BodyWriter) throws {
        status = response.status
        headers = response.headers
        let isHead = request?.method == .head
        switch response.body {
        case .none: body = .none(length: status.forbidsBody ? nil : 0)
        case .bytes(let bytes): body = isHead || status.forbidsBody ? .none(length: bytes.count) : .bytes(bytes)
        case .stream(let stream): body = isHead ? .none(length: nil) : .stream(makeWriter(), stream)
        case .file(let file):
            body = .none(length: nil)
            try take(file, request)
            if isHead, case .pieces(_, let length) = body { body = .none(length: length) }
        }
        if status.forbidsBody { body = .none(length: nil) }
    }

    /// Tells a producer that nobody will read what it writes.
    func abandon() {
        if case .stream(let writer, _) = body { writer.close() }
    }

    private mutating func take(_ file: FileBody, _ request: Request?) throws {
        let tag = file.entityTag.map { "\"\($0)\"" }
        headers["Accept-Ranges"] = "bytes"
        if let tag { headers["ETag"] = tag }
        if let filename = file.filename { headers["Content-Disposition"] = ContentDisposition.attachment(filename) }
        if !headers.contains("Content-Type") { headers["Content-Type"] = file.contentType }
        let fields = request?.headers ?? [:]
        if status == .ok, try notModified(fields, tag) { return }
        let pieces = try withExtendedLifetime(file.owner) { try Self.open(file.segments) }
        let length = pieces.reduce(0) { $0 + $1.length }
        body = .pieces(pieces, length: length)
        guard status == .ok, request?.method == .get, let range = fields["Range"] else { return }
        if let condition = fields["If-Range"], condition != tag { return }
        switch ByteRanges.parse(range, length: length) {
        case .ignored: return
        case .unsatisfiable:
            throw HTTPError(
                .rangeNotSatisfiable, "the content has \(length) bytes", headers: ["Content-Range": "bytes */\(length)"]
            )
        case .ranges(let ranges): takeRanges(ranges, pieces, length)
        }
    }

    /// If-Match and If-None-Match in the order of RFC 9110 §13.2.2.
    private mutating func notModified(_ fields: Headers, _ tag: String?) throws(HTTPError) -> Bool {
        let required = fields.values("If-Match")
        if !required.isEmpty, !EntityTag.list(required, contains: tag, weakly: false) {
            throw HTTPError(.preconditionFailed, "the content is not the one that If-Match names")
        }
        let known = fields.values("If-None-Match")
        guard !known.isEmpty, EntityTag.list(known, contains: tag, weakly: true) else { return false }
        status = .notModified
        headers["Content-Type"] = nil
        headers["Content-Disposition"] = nil
        return true
    }

    private mutating func takeRanges(_ ranges: [Range<Int>], _ pieces: [BodyPiece], _ length: Int) {
        status = .partialContent
        if ranges.count == 1 {
            headers["Content-Range"] = Self.contentRange(ranges[0], length)
            body = .pieces(pieces.slice(ranges[0]), length: ranges[0].count)
            return
        }
        // RFC 9110 §15.3.7.2: each range is a part with its own Content-Range.
        let boundary = "part-\(UInt64.random(in: .min ... .max))"
        var parts: [BodyPiece] = []
        for range in ranges {
            let head =
                "\(parts.isEmpty ? "" : "\r\n")--\(boundary)\r\nContent-Type: \(headers["Content-Type"] ?? "")\r\n"
                + "Content-Range: \(Self.contentRange(range, length))\r\n\r\n"
            parts.append(.bytes(Array(head.utf8)))
            parts += pieces.slice(range)
        }
        parts.append(.bytes(Array("\r\n--\(boundary)--\r\n".utf8)))
        headers["Content-Type"] = "multipart/byteranges; boundary=\(boundary)"
        body = .pieces(parts, length: parts.reduce(0) { $0 + $1.length })
    }

    private static func contentRange(_ range: Range<Int>, _ length: Int) -> String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
    }

    private static func open(_ segments: [FileBody.Segment]) throws -> [BodyPiece] {
        try segments.map { segment in
            switch segment {
            case .bytes(let bytes): return .bytes(bytes)
            case .wholeFile(let path):
                let file = try OpenFile(path: path)
                return .file(file, offset: 0, length: file.size)
            case .file(let path, let offset, let length):
                let file = try OpenFile(path: path)
                guard offset >= 0, length >= 0, offset <= file.size - length else {
                    throw HTTPError(.internalServerError, "a file has become shorter than it was")
                }
                return .file(file, offset: offset, length: length)
            }
        }
    }
}
