package import HTTP

/// What the request and body parsers make of a byte sequence: the requests in it, and how it ends.
package struct RequestVerdict: Hashable {
    /// A request whose head was accepted.
    package struct Request: Hashable {
        package var method: String
        package var target: String
        package var segments: [String]
        package var query: String
        package var authority: String?
        package var headers: Headers
        package var framing: RequestHead.Framing
        package var keepsAlive: Bool
        package var expectsContinue: Bool
        /// Bytes of the head, with empty lines before it.
        package var headBytes: Int
        package var body: [UInt8] = []
        package var isBodyComplete: Bool
    }

    /// The requests, in order.
    package private(set) var requests: [Request] = []
    /// Why the rest was refused; nil where nothing was.
    package private(set) var refusal: Status?
    /// Whether the bytes end between two requests.
    package private(set) var isWhole = true

    /// Feeds bytes in pieces, as a connection does.
    ///
    /// - Parameters:
    ///   - cuts: where the pieces end, in ascending order; the last ends with the bytes.
    ///   - memory: where each piece lies while it is read, with nothing readable next to it.
    package init(
        _ bytes: [UInt8], cuts: [Int] = [], head: RequestParser.Limits = RequestParser.Limits(),
        body: BodyParser.Limits = BodyParser.Limits(), in memory: GuardedMemory
    ) {
        var feed = Feed(parser: RequestParser(limits: head), bodyLimits: body)
        var start = 0
        for end in cuts + [bytes.count] where end > start {
            let piece = memory.copy(of: bytes, start..<end)
            start = end
            do throws(HTTPError) {
                try feed.take(piece, &requests)
            } catch {
                refusal = error.status
                break
            }
        }
        isWhole = refusal == nil && feed.body == nil && !feed.parser.hasStarted
    }

    /// The parsers between two pieces.
    private struct Feed {
        var parser: RequestParser
        let bodyLimits: BodyParser.Limits
        var body: BodyParser?
        var headBytes = 0

        mutating func take(_ piece: UnsafeRawBufferPointer, _ requests: inout [Request]) throws(HTTPError) {
            var offset = 0
            while offset < piece.count {
                let rest = UnsafeRawBufferPointer(rebasing: piece[offset...])
                offset += body == nil ? try takeHead(rest, &requests) : try takeBody(rest, &requests)
            }
        }

        private mutating func takeHead(
            _ piece: UnsafeRawBufferPointer, _ requests: inout [Request]
        ) throws(HTTPError) -> Int {
            let (consumed, head) = try parser.consume(piece)
            headBytes += consumed
            guard let head else { return consumed }
            let body = BodyParser(framing: head.framing, limits: bodyLimits)
            requests.append(
                Request(
                    method: head.method.rawValue, target: head.target.raw, segments: head.target.segments,
                    query: String(head.target.query), authority: head.authority, headers: head.headers,
                    framing: head.framing, keepsAlive: head.keepsAlive, expectsContinue: head.expectsContinue,
                    headBytes: headBytes, isBodyComplete: body.isComplete))
            self.body = body.isComplete ? nil : body
            headBytes = 0
            return consumed
        }

        private mutating func takeBody(
            _ piece: UnsafeRawBufferPointer, _ requests: inout [Request]
        ) throws(HTTPError) -> Int {
            let last = requests.count - 1
            let consumed = try body?.consume(piece, into: &requests[last].body) ?? piece.count
            if body?.isComplete == true {
                requests[last].isBodyComplete = true
                body = nil
            }
            return consumed
        }
    }

    /// What an accepted request must not have, whatever the bytes were; nil where all is well.
    package func brokenRule(head limits: RequestParser.Limits) -> String? {
        for (index, request) in requests.enumerated() {
            let lengths = request.headers.values("Content-Length").count
            let codings = request.headers.values("Transfer-Encoding").count
            if lengths + codings > 1 { return "two lengths were accepted" }
            if !request.isBodyComplete, index + 1 < requests.count { return "a request follows an unfinished body" }
            if case .length(let count) = request.framing, request.body.count > count { return "a body is too long" }
            if request.headers.count > limits.headerCount { return "there are too many header lines" }
            // Empty lines before a request are no part of its head, but count.
            if request.headBytes > limits.headerBytes { return "a head is too large" }
            if request.target.utf8.count > limits.lineBytes { return "a target is too long" }
            for field in request.headers {
                if field.name.utf8.isEmpty { return "a header has no name" }
                if field.name.utf8.count + field.value.utf8.count > 2 * limits.lineBytes { return "a line is too long" }
                if field.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                    return "a header value holds a control character"
                }
            }
        }
        return nil
    }
}
