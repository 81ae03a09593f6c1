/// A host with an optional port, as in `Host` (RFC 9110 §7.2, RFC 3986 §3.2.2).
enum Authority {
    /// Whether a text is a host and optionally a port: no user information, no path, no list, not empty.
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first else { return false }
        var end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        if first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            guard bracket > 2, bytes[1..<bracket].allSatisfy(isAddressByte) else { return false }
            end = bracket + 1
        } else if end == 0 || !bytes[..<end].allSatisfy(isNameByte) {
            return false
        }
        if end == bytes.count { return true }
        let port = bytes[(end + 1)...]
        return bytes[end] == UInt8(ascii: ":") && port.count <= 5 && port.allSatisfy(\.isDigit)
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        byte.hexValue != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"): true
        default: false
        }
    }
}
