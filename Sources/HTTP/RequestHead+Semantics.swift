extension RequestHead {
    /// Checks what the fields say together: host, framing, persistence, expectation.
    ///
    /// - Throws: `HTTPError`: 400 for what RFC 9112 §3.2 and §6.3 forbid and for every ambiguity that lets a proxy and
    ///   this server see different requests, 417 and 501 for what is not supported.
    init(_ line: RequestLine, _ headers: Headers) throws(HTTPError) {
        var host: String?
        var lengths: [String] = []
        var codings: [String] = []
        var connection: [String] = []
        var expectation: String?
        for field in headers {
            // By length first: most fields are none of these.
            switch field.name.utf8.count {
            case 4 where Headers.areEqual(field.name, "host"):
                if host != nil { throw .badRequest("there is more than one Host header") }
                host = field.value
            case 14 where Headers.areEqual(field.name, "content-length"): lengths.append(field.value)
            case 17 where Headers.areEqual(field.name, "transfer-encoding"): codings.append(field.value)
            case 10 where Headers.areEqual(field.name, "connection"): connection.append(field.value)
            case 6 where Headers.areEqual(field.name, "expect"): expectation = field.value
            default: break
            }
        }
        self.init(method: line.method, target: line.target, headers: headers, authority: nil)
        minorVersion = line.minorVersion
        authority = try Self.authority(host, target: line.target, minorVersion: minorVersion)
        framing = try Self.framing(lengths, codings, minorVersion: minorVersion)
        keepsAlive = Self.keepsAlive(connection, minorVersion: minorVersion)
        if let expectation, minorVersion > 0 {
            guard Headers.areEqual(expectation, "100-continue") else {
                throw HTTPError(.expectationFailed, "the only expectation that is known is 100-continue")
            }
            expectsContinue = framing != .none && framing != .length(0)
        }
        guard Method.known.contains(method) else {
            throw HTTPError(.notImplemented, "no method \(method.rawValue.prefix(40)) is known here")
        }
    }

    private static func authority(
        _ host: String?, target: RequestTarget, minorVersion: Int
    ) throws(HTTPError) -> String? {
        guard let host else {
            if minorVersion > 0 { throw .badRequest("HTTP/1.1 requires a Host header") }
            return target.authority
        }
        guard Authority.isValid(host) else { throw .badRequest("the Host header is no host with an optional port") }
        guard let authority = target.authority else { return host }
        guard Headers.areEqual(authority, host) else {
            throw .badRequest("the Host header and the request target name different hosts")
        }
        return authority
    }

    /// RFC 9112 §6.1 to §6.3.
    private static func framing(
        _ lengths: [String], _ codings: [String], minorVersion: Int
    ) throws(HTTPError) -> Framing {
        if let coding = codings.first {
            if minorVersion == 0 { throw .badRequest("HTTP/1.0 has no Transfer-Encoding") }
            if !lengths.isEmpty { throw .badRequest("there are both Transfer-Encoding and Content-Length") }
            if codings.count == 1, Headers.areEqual(coding, "chunked") { return .chunked }
            if codings.count == 1, coding.utf8.count > 8, Headers.areEqual(String(coding.suffix(9)), ", chunked") {
                throw HTTPError(.notImplemented, "the only transfer coding that is supported is chunked")
            }
            throw .badRequest("the transfer coding is not chunked, once and alone")
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy(\.isDigit) else {
            throw .badRequest("Content-Length is not one decimal number")
        }
        guard let count = Int(length) else { throw .contentTooLarge("Content-Length is too large") }
        return .length(count)
    }

    /// RFC 9112 §9.3.
    private static func keepsAlive(_ connection: [String], minorVersion: Int) -> Bool {
        if connection.isEmpty { return minorVersion > 0 }
        var keepsAlive = minorVersion > 0
        for value in connection {
            for option in value.split(separator: ",") {
                let option = String(option.drop { $0 == " " || $0 == "\t" }.trimmingEnd())
                if Headers.areEqual(option, "close") { return false }
                if Headers.areEqual(option, "keep-alive") { keepsAlive = true }
            }
        }
        return keepsAlive
    }
}

extension Substring {
    fileprivate func trimmingEnd() -> Substring {
        var text = self
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
