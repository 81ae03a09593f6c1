/// Method, target and version (RFC 9112 §3): separated by exactly one space, with no leniency.
struct RequestLine {
    let method: Method
    let target: RequestTarget
    let minorVersion: Int

    /// Reads a line without its CRLF.
    init(_ line: UnsafeRawBufferPointer) throws(HTTPError) {
        guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), first < last else {
            throw .badRequest("the request line is not of the form METHOD target HTTP/1.1")
        }
        let method = line[..<first]
        let target = line[(first + 1)..<last]
        guard !method.isEmpty, method.allSatisfy(\.isToken) else { throw .badRequest("the method is no token") }
        guard !target.isEmpty, target.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .badRequest("the request target holds characters that must be percent-encoded")
        }
        minorVersion = try Self.minorVersion(line[(last + 1)...])
        self.method = Method(rawValue: String(decoding: method, as: UTF8.self))
        self.target = try RequestTarget(String(decoding: target, as: UTF8.self), method: self.method)
    }

    /// RFC 9112 §2.3: `HTTP/` digit `.` digit; of a higher minor version the features of 1.1 (RFC 9110 §6.2).
    private static func minorVersion(_ text: Slice<UnsafeRawBufferPointer>) throws(HTTPError) -> Int {
        let bytes = UnsafeRawBufferPointer(rebasing: text)
        guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), bytes[5].isDigit, bytes[6] == UInt8(ascii: "."),
            bytes[7].isDigit
        else { throw .badRequest("the request line does not end with HTTP/1.1 or HTTP/1.0") }
        guard bytes[5] == UInt8(ascii: "1") else {
            throw HTTPError(.versionNotSupported, "this server speaks HTTP/1.1 and HTTP/1.0")
        }
        return bytes[7] == UInt8(ascii: "0") ? 0 : 1
    }
}
