/// Puts the tokens `<0x00>` to `<0xFF>` together to characters.
enum ByteFallbackDecoder {
    /// Byte tokens in a row become their text, or, where it is not UTF-8, a replacement character each.
    static func decode(_ tokens: [String]) -> [String] {
        var result: [String] = []
        var bytes: [UInt8] = []
        func flush() {
            guard !bytes.isEmpty else { return }
            if let text = String(validating: bytes, as: UTF8.self) {
                result.append(text)
            } else {
                result += [String](repeating: "\u{FFFD}", count: bytes.count)
            }
            bytes.removeAll()
        }
        for token in tokens {
            if let byte = ByteToken.byte(of: token) {
                bytes.append(byte)
            } else {
                flush()
                result.append(token)
            }
        }
        flush()
        return result
    }
}
