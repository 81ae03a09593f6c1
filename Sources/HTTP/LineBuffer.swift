import Glibc

/// Finds lines in bytes that arrive in pieces, keeping what has come of an unfinished one.
struct LineBuffer {
    private var partial: [UInt8] = []

    /// What `next` found.
    enum Outcome {
        /// A line ended; `consumed` counts its bytes in this input, LF included.
        case line(consumed: Int)
        /// All of the input was kept.
        case incomplete
        /// The line is longer than the limit.
        case tooLong
    }

    /// Whether part of a line waits.
    var isEmpty: Bool { partial.isEmpty }

    /// How many bytes of an unfinished line wait.
    var count: Int { partial.count }

    /// Finds the first line of `input` and hands it, without LF but with what came before it, to `body`.
    ///
    /// - Parameter limit: bytes of a line before its CRLF.
    mutating func next(
        _ input: UnsafeRawBufferPointer, limit: Int, _ body: (UnsafeRawBufferPointer) throws(HTTPError) -> Void
    ) throws(HTTPError) -> Outcome {
        guard let base = input.baseAddress, let found = memchr(base, 0x0A, input.count) else {
            if partial.count + input.count > limit + 1 { return .tooLong }
            partial += input
            return .incomplete
        }
        let end = UnsafeRawPointer(found) - base
        if partial.count + end > limit + 1 { return .tooLong }
        if partial.isEmpty {
            try body(UnsafeRawBufferPointer(start: base, count: end))
        } else {
            partial += UnsafeRawBufferPointer(start: base, count: end)
            let line = partial
            partial = []
            try Self.withBytes(of: line, body)
        }
        return .line(consumed: end + 1)
    }

    private static func withBytes(
        of line: [UInt8], _ body: (UnsafeRawBufferPointer) throws(HTTPError) -> Void
    ) throws(HTTPError) {
        var failure: HTTPError?
        line.withUnsafeBytes { bytes in
            do throws(HTTPError) { try body(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// A line without its CR.
    ///
    /// - Throws: `HTTPError` 400 for a line that ends with LF alone (RFC 9112 §2.2 allows to refuse it).
    static func withoutCarriageReturn(
        _ line: UnsafeRawBufferPointer
    ) throws(HTTPError) -> UnsafeRawBufferPointer {
        guard line.last == 0x0D else { throw .badRequest("a line ends with LF alone instead of CRLF") }
        return UnsafeRawBufferPointer(rebasing: line.dropLast())
    }
}
