/// The target of a request line, split and decoded (RFC 9112 §3.2).
package struct RequestTarget: Sendable {
    /// As sent.
    package let raw: String
    /// The decoded segments of the path; none for `/` and `*`.
    package let segments: [String]
    /// What follows `?`, still encoded.
    package let query: Substring
    /// Host and port of an absolute target.
    package let authority: String?
    /// `*`
    package let isAsterisk: Bool

    /// Reads a target in origin-form, absolute-form, or `*`.
    init(_ raw: String, method: Method) throws(HTTPError) {
        self.raw = raw
        if raw == "*" {
            guard method == .options else { throw .badRequest("the target * is for OPTIONS only") }
            (segments, query, authority, isAsterisk) = ([], "", nil, true)
            return
        }
        isAsterisk = false
        var rest = Substring(raw)
        if rest.utf8.first != UInt8(ascii: "/") {
            guard let start = Self.endOfScheme(raw) else {
                throw .badRequest("the request target begins with neither / nor http://")
            }
            rest = raw[start...]
            let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            authority = String(rest[..<end])
            rest = rest[end...]
        } else {
            authority = nil
        }
        if rest.utf8.contains(UInt8(ascii: "#")) { throw .badRequest("a request target has no fragment (#)") }
        let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?"))
        query = mark.map { rest[rest.utf8.index(after: $0)...] } ?? ""
        segments = try Self.split(rest[..<(mark ?? rest.endIndex)])
    }

    private static func endOfScheme(_ raw: String) -> String.Index? {
        for scheme in ["http://", "https://"] where raw.utf8.count > scheme.utf8.count {
            let prefix = raw.utf8.prefix(scheme.utf8.count)
            if zip(prefix, scheme.utf8).allSatisfy({ $0.lowercased == $1 }) {
                return raw.utf8.index(raw.startIndex, offsetBy: scheme.utf8.count)
            }
        }
        return nil
    }

    /// Splits first and decodes after, so that `%2F` does not separate.
    private static func split(_ path: Substring) throws(HTTPError) -> [String] {
        if path.utf8.count <= 1 { return [] }
        var segments: [String] = []
        for part in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let segment = PercentEncoding.decodeSegment(Substring(part).utf8) else {
                throw .badRequest("the path has a percent-encoding that stands for no text")
            }
            segments.append(segment)
        }
        return segments
    }
}
