/// The character classes of the HTTP grammar (RFC 9110 §5.6.2, RFC 5234 appendix B.1).
extension UInt8 {
    /// tchar: what names and methods are made of.
    @inline(__always)
    var isToken: Bool { Octets.tokens[Int(self)] }

    /// What a field value may hold: visible ASCII, space, tab, and opaque bytes from 0x80.
    @inline(__always)
    var isFieldValue: Bool { (self >= 0x20 && self != 0x7F) || self == 0x09 }

    /// 0–9
    @inline(__always)
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    /// The value of a hexadecimal digit; nil for any other byte.
    @inline(__always)
    var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }

    /// The byte with an upper-case ASCII letter made lower-case.
    @inline(__always)
    var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

/// Tables over the 256 byte values.
enum Octets {
    static let tokens: [Bool] = (0..<256).map { byte in
        let symbols = Array("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        return symbols.contains(UInt8(byte))
    }
}
