package import SeededNumbers

/// Makes hostile inputs of good ones: bytes and words changed, put in, taken out and doubled, inputs cut and grafted on
/// one another, parts repeated until they break a limit.
package struct Mutator: Sendable {
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]
    private let alphabet: [UInt8]

    /// A mutator.
    ///
    /// - Parameters:
    ///   - seeds: inputs to begin with, none of them empty.
    ///   - words: what means something to the parser, wherever it stands.
    ///   - alphabet: single bytes that do.
    package init(seeds: [String], words: [String], alphabet: String) {
        self.seeds = seeds.map { Array($0.utf8) }
        self.words = words.map { Array($0.utf8) }
        self.alphabet = Array(alphabet.utf8) + [0, 0x7F, 0x80, 0xC3, 0xFF]
    }

    /// An input: a seed with one, two or four changes.
    package func input(_ random: inout SplitMix) -> [UInt8] {
        var bytes = seeds[Int.random(in: seeds.indices, using: &random)]
        for _ in 0..<(1 << Int.random(in: 0...2, using: &random)) { change(&bytes, &random) }
        return bytes
    }

    private func change(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        guard !bytes.isEmpty else { return bytes = words[0] }
        let place = Int.random(in: bytes.indices, using: &random)
        let end = min(bytes.count, place + Int.random(in: 1...24, using: &random))
        switch Int.random(in: 0..<24, using: &random) {
        case 0..<4: bytes[place] = alphabet[Int.random(in: alphabet.indices, using: &random)]
        case 4..<7: bytes.insert(alphabet[Int.random(in: alphabet.indices, using: &random)], at: place)
        case 7..<9: bytes.remove(at: place)
        case 9..<11: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 11..<15: bytes.insert(contentsOf: words[Int.random(in: words.indices, using: &random)], at: place)
        case 15..<17:
            bytes.replaceSubrange(place..<end, with: words[Int.random(in: words.indices, using: &random)])
        case 17: bytes.removeSubrange(place..<end)
        case 18: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 19: bytes.removeSubrange(place...)
        case 20: if bytes.count < 4096 { bytes += bytes[place...] }
        case 21, 22:
            let other = seeds[Int.random(in: seeds.indices, using: &random)]
            bytes.replaceSubrange(place..., with: other[Int.random(in: other.indices, using: &random)...])
        default:
            // Seldom so often that the limits of a server as it is configured are met, too.
            let most = Int.random(in: 0..<40, using: &random) == 0 ? 4000 : 40
            let part = Array(bytes[place..<end])
            let count = Int.random(in: 2...most, using: &random)
            bytes.insert(contentsOf: repeatElement(part, count: count).joined(), at: place)
        }
    }
}

extension Mutator {
    /// Requests with and without bodies, good and bad.
    package static let requests = Mutator(
        seeds: [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\r\nGET /a%2Fb/c?x=1&y=%20 HTTP/1.1\r\nHost: a:80\r\nX-Long: \t v \t\r\nConnection: foo, Close\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"x\\\"y;z\";b\r\nhello\r\n0;c=d\r\n"
                + "X-T: 1\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n",
            "PUT http://[::1]:80/caf%C3%A9?q HTTP/1.1\r\nHost: [::1]:80\r\nExpect: 100-continue\r\n"
                + "Content-Length: 2\r\nCookie: a=b; c=d\r\n\r\nokOPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "DELETE /v1/files/f HTTP/1.0\r\nConnection: keep-alive\r\nAuthorization: Bearer x\r\n\r\n"
                + "HEAD / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1,-5\r\nAccept: */*;q=0.5\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n1f ; x\r\n"
                + "0123456789012345678901234567890\r\n000\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ],
        words: [
            "\r\n", "\r\n\r\n", "\n", " ", "\t", ":", "Host: b\r\n", "Content-Length: 5\r\n", "Content-Length: ",
            "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
            "chunked",
            "Expect: 100-continue\r\n", "Connection: close\r\n", " HTTP/1.1\r\n", " HTTP/1.0\r\n", "HTTP/1.9",
            "HTTP/2.0",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "0\r\n\r\n", "5\r\nhello\r\n", ";a=b", ";\"", "\\\"",
            "ffffffffffffffff",
            "7fffffffffffffff", "8000000000000000", "9223372036854775807", "9223372036854775808",
            "18446744073709551616", "-1", "+5", "0x5", "1e1", "%00", "%2e%2e", "%ff", "%", "//", "*", "#", "http://",
            "https://u@a:1/", "\u{E9}", "\u{0}", "TRACE", "get", "X-Y: ", ",", "=",
        ],
        alphabet: "\r\n\t :;,=\"\\/%?#*0123456789abcdefXGETHTP")

    /// Bodies of multipart/form-data with the boundary `b0`, good and bad.
    package static let multipartBodies = Mutator(
        seeds: [
            "--b0\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--b0\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"C:\\dir\\a \\\"b\\\".jsonl\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\nline\r\n--b\r\n\r\n--b\r\n--b0--\r\n",
            "preamble\r\n--b0 \t\r\ncontent-disposition: form-data;name=a;filename*=UTF-8''x\r\n\r\n\r\n--b0--epilogue",
            "--b0\r\n\r\n\r\n\r\n--b0\r\nX: 1\r\nY: 2\r\n\r\n--b0--\r\n\r\n--b0\r\n\r\n--b0--",
            "--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\r\n-\r\n--\r\n--b\r\n--b00\r\n--b0--\r\n",
        ],
        words: [
            "--b0", "\r\n--b0", "\r\n--b0\r\n", "\r\n--b0--", "\r\n--b0--\r\n", "--", "\r\n", "\r\n\r\n", "\r", "\n",
            "\r\n-", "\r\n--", "\r\n--b", "b0", "; name=\"\"", "; name=\"x", "; filename=\"../../x\"", "\\\"", "%22",
            ";",
            "=", "Content-Disposition: ", "form-data", "attachment", "Content-Transfer-Encoding: base64\r\n", " ", "\t",
            "X: y\r\n", ": ", "\u{E9}",
        ],
        alphabet: "\r\n-b0: ;=\"\\a")
}
