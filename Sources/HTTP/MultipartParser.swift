import CLinux
import Glibc

/// Takes multipart/form-data apart as it arrives (RFC 7578, RFC 2046 §5.1). A function of the bytes alone; it keeps no
/// more than a part's headers or a boundary's length.
package struct MultipartParser {
    /// What was found.
    package enum Event: Hashable {
        case part(Headers)
        case data([UInt8])
        case endOfPart
        case end
    }

    private enum State {
        case preamble
        case afterBoundary
        case headers
        case body
        case epilogue
    }

    /// Bytes of a part's headers in all.
    package static let headerLimit = 8 * 1024
    /// Bytes before the first boundary.
    private static let preambleLimit = 1024

    private let delimiter: [UInt8]
    private var state = State.preamble
    private var buffer: [UInt8]
    private var headers = Headers()
    private var headerBytes = 0
    private var preambleBytes = 0

    /// - Parameter boundary: of the Content-Type, without the dashes.
    package init(boundary: String) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may stand at the very beginning: as if a line had ended before it.
        buffer = [0x0D, 0x0A]
    }

    /// Whether the closing boundary has been seen.
    package var isComplete: Bool { state == .epilogue }

    /// Takes bytes and appends what they complete.
    ///
    /// - Throws: `HTTPError` 400 where they are no multipart body, 431 where headers of a part are too large.
    package mutating func consume(_ bytes: [UInt8], into events: inout [Event]) throws(HTTPError) {
        if state == .epilogue { return }
        buffer += bytes
        var offset = 0
        while try step(&offset, &events) {}
        buffer.removeFirst(offset)
    }

    /// - Returns: whether there may be more to do with what is in the buffer.
    private mutating func step(_ offset: inout Int, _ events: inout [Event]) throws(HTTPError) -> Bool {
        switch state {
        case .preamble, .body: return try findDelimiter(&offset, &events)
        case .afterBoundary: return try readAfterBoundary(&offset, &events)
        case .headers: return try readHeader(&offset, &events)
        case .epilogue:
            offset = buffer.count
            return false
        }
    }

    private mutating func findDelimiter(_ offset: inout Int, _ events: inout [Event]) throws(HTTPError) -> Bool {
        let found = find(delimiter, from: offset)
        // What cannot be the beginning of a delimiter is content.
        let end = found ?? max(offset, buffer.count - delimiter.count + 1)
        if state == .body {
            if end > offset { events.append(.data(Array(buffer[offset..<end]))) }
        } else {
            preambleBytes += end - offset
            if preambleBytes > Self.preambleLimit { throw .badRequest("the multipart body has no boundary") }
        }
        offset = end
        guard let found else { return false }
        if state == .body { events.append(.endOfPart) }
        offset = found + delimiter.count
        state = .afterBoundary
        return true
    }

    private mutating func readAfterBoundary(_ offset: inout Int, _ events: inout [Event]) throws(HTTPError) -> Bool {
        // transport-padding of RFC 2046 is white space that some gateways add.
        var end = offset
        while end < buffer.count, buffer[end] == 0x20 || buffer[end] == 0x09 { end += 1 }
        if end - offset > 64 { throw .badRequest("a multipart boundary is followed by more than white space") }
        guard end + 1 < buffer.count else { return false }
        let next = (buffer[end], buffer[end + 1])
        if next == (UInt8(ascii: "-"), UInt8(ascii: "-")), end == offset {
            events.append(.end)
            state = .epilogue
        } else if next == (0x0D, 0x0A) {
            headers = Headers()
            headerBytes = 0
            state = .headers
        } else {
            throw .badRequest("a multipart boundary is followed by more than white space")
        }
        offset = end + 2
        return true
    }

    private mutating func readHeader(_ offset: inout Int, _ events: inout [Event]) throws(HTTPError) -> Bool {
        let end = find([0x0A], from: offset)
        let length = (end ?? buffer.count) - offset
        if headerBytes + length > Self.headerLimit || headers.count > 32 {
            throw HTTPError(.headerFieldsTooLarge, "the headers of a multipart part are too large")
        }
        guard let end else { return false }
        guard end > offset, buffer[end - 1] == 0x0D else {
            throw .badRequest("a header line of a multipart part ends with LF alone instead of CRLF")
        }
        let line = Array(buffer[offset..<(end - 1)])
        headerBytes += length
        offset = end + 1
        if line.isEmpty {
            events.append(.part(headers))
            state = .body
            return true
        }
        let field = try Self.parse(line)
        headers.append(parsed: field)
        return true
    }

    private static func parse(_ line: [UInt8]) throws(HTTPError) -> Headers.Field {
        let result = line.withUnsafeBytes { bytes -> Result<Headers.Field, HTTPError> in
            do throws(HTTPError) { return .success(try FieldLine.parse(bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func find(_ needle: [UInt8], from offset: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, offset < bytes.count else { return nil }
            guard let found = memmem(base + offset, bytes.count - offset, needle, needle.count) else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
