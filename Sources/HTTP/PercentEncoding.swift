/// Percent-decoding (RFC 3986 §2.1).
enum PercentEncoding {
    /// The decoded bytes, or nil where a `%` is not followed by two hexadecimal digits.
    ///
    /// - Parameter plusIsSpace: as HTML forms and query strings have it.
    static func decode(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
        var bytes: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next()?.hexValue, let low = iterator.next()?.hexValue else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    /// The decoded text, or nil where the escapes or the UTF-8 are invalid or a control character is hidden in it.
    static func decodeSegment(_ text: Substring.UTF8View) -> String? {
        if !text.contains(UInt8(ascii: "%")) { return String(Substring(text)) }
        guard let bytes = decode(text), !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
