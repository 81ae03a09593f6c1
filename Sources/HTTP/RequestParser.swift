/// Reads request heads from bytes as they arrive. A function of the bytes alone: however they are split, the verdict
/// is the same.
package struct RequestParser {
    /// What is too large.
    package struct Limits: Sendable {
        /// Bytes of the head in all.
        package var headerBytes: Int
        /// Bytes of the request line, or of one field line.
        package var lineBytes: Int
        /// Field lines.
        package var headerCount: Int

        /// Limits; without any, those of a server that is configured no other way.
        package init(headerBytes: Int = 32 * 1024, lineBytes: Int = 8 * 1024, headerCount: Int = 100) {
            self.headerBytes = headerBytes
            self.lineBytes = lineBytes
            self.headerCount = headerCount
        }
    }

    private let limits: Limits
    private var lines = LineBuffer()
    private var consumedBytes = 0
    private var requestLine: RequestLine?
    private var headers = Headers()

    /// A parser that waits for its first byte.
    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether anything of a request has arrived.
    package var hasStarted: Bool { requestLine != nil || !lines.isEmpty }

    /// Takes bytes up to the end of a head.
    ///
    /// - Returns: how many bytes belong to the head, and the head where it is complete; the parser is then ready for
    ///   the next one.
    /// - Throws: `HTTPError` with the status that RFC 9110 and 9112 name; the connection cannot go on after that.
    package mutating func consume(_ input: UnsafeRawBufferPointer) throws(HTTPError) -> (
        consumed: Int, head: RequestHead?
    ) {
        var offset = 0
        while offset < input.count {
            let rest = UnsafeRawBufferPointer(rebasing: input[offset...])
            var isEnd = false
            let before = lines.count
            var lines = lines
            self.lines = LineBuffer()
            let outcome = try lines.next(rest, limit: limits.lineBytes) { (line) throws(HTTPError) in
                try checkTotal(line.count + 1)
                isEnd = try take(line)
            }
            self.lines = lines
            switch outcome {
            case .tooLong:
                // Of two limits the one that was met first counts, however much came at once.
                try checkTotal(limits.lineBytes + 1)
                if requestLine == nil { throw HTTPError(.targetTooLong, "the request line is too long") }
                throw HTTPError(.headerFieldsTooLarge, "a header line is longer than \(limits.lineBytes) bytes")
            case .incomplete:
                try checkTotal(lines.count)
                return (input.count, nil)
            case .line(let consumed):
                consumedBytes += before + consumed
                offset += consumed
            }
            if isEnd { return (offset, try finish()) }
        }
        return (offset, nil)
    }

    private func checkTotal(_ more: Int) throws(HTTPError) {
        if consumedBytes + more > limits.headerBytes {
            throw HTTPError(.headerFieldsTooLarge, "the request head is larger than \(limits.headerBytes) bytes")
        }
    }

    /// - Returns: whether this was the empty line that ends the head.
    private mutating func take(_ line: UnsafeRawBufferPointer) throws(HTTPError) -> Bool {
        let line = try LineBuffer.withoutCarriageReturn(line)
        if line.isEmpty {
            // RFC 9112 §2.2: empty lines before the request line are ignored.
            return requestLine != nil
        }
        if requestLine == nil {
            requestLine = try RequestLine(line)
            return false
        }
        if headers.count == limits.headerCount {
            throw HTTPError(.headerFieldsTooLarge, "there are more than \(limits.headerCount) header lines")
        }
        let field = try FieldLine.parse(line)
        headers.append(parsed: field)
        return false
    }

    private mutating func finish() throws(HTTPError) -> RequestHead {
        guard let requestLine else { throw .badRequest("the request line is missing") }
        let head = try RequestHead(requestLine, headers)
        self.requestLine = nil
        headers = Headers()
        consumedBytes = 0
        return head
    }
}
