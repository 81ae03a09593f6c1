/// The grammar of one field line (RFC 9112 §5), for headers, trailers and parts of multipart bodies.
enum FieldLine {
    /// Splits and checks a line without its CRLF.
    ///
    /// - Throws: `HTTPError` 400 for white space before the colon, obsolete folding, names that are no token and
    ///   control characters: what parsers disagree about is how requests are smuggled (RFC 9112 §11.2).
    static func parse(_ line: UnsafeRawBufferPointer) throws(HTTPError) -> Headers.Field {
        if let first = line.first, first == 0x20 || first == 0x09 {
            throw .badRequest("a header line begins with white space: folded lines are obsolete")
        }
        var colon = 0
        while colon < line.count, line[colon].isToken { colon += 1 }
        guard colon < line.count, line[colon] == UInt8(ascii: ":"), colon > 0 else {
            throw .badRequest("a header line is not of the form name: value")
        }
        var start = colon + 1
        var end = line.count
        while start < end, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
        while end > start, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
        let value = UnsafeRawBufferPointer(rebasing: line[start..<end])
        for byte in value where !byte.isFieldValue {
            throw .badRequest("a header value holds a control character")
        }
        let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
        return Headers.Field(parsedName: String(decoding: name, as: UTF8.self), value: text(value))
    }

    /// Opaque bytes as text: UTF-8 where they are, else ISO 8859-1 as RFC 9110 §5.5 has it of old.
    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
