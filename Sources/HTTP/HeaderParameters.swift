/// A header value with parameters: `form-data; name="file"; filename="a b.txt"` (RFC 9110 §5.6.6).
package struct HeaderParameters {
    /// What stands before the first semicolon.
    package let value: String
    private var parameters: [(name: String, value: String)] = []

    /// Reads a value. What is malformed is left out.
    package init(_ text: String) {
        var bytes = Array(text.utf8)[...]
        value = Self.trimmed(bytes.prefix { $0 != UInt8(ascii: ";") })
        bytes = bytes.drop { $0 != UInt8(ascii: ";") }.dropFirst()
        while !bytes.isEmpty {
            let name = Self.trimmed(bytes.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") })
            bytes = bytes.drop { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
            guard bytes.first == UInt8(ascii: "=") else {
                bytes = bytes.dropFirst()
                continue
            }
            bytes = bytes.dropFirst().drop { $0 == 0x20 }
            let parameter = bytes.first == UInt8(ascii: "\"") ? Self.takeQuoted(&bytes) : Self.takeToken(&bytes)
            if !parameters.contains(where: { Headers.areEqual($0.name, name) }) { parameters.append((name, parameter)) }
            bytes = bytes.drop { $0 != UInt8(ascii: ";") }.dropFirst()
        }
    }

    /// The value of the first parameter of a name.
    package subscript(name: String) -> String? { parameters.first { Headers.areEqual($0.name, name) }?.value }

    private static func takeToken(_ bytes: inout ArraySlice<UInt8>) -> String {
        let token = bytes.prefix { $0 != UInt8(ascii: ";") }
        bytes = bytes.dropFirst(token.count)
        return trimmed(token)
    }

    private static func takeQuoted(_ bytes: inout ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        bytes = bytes.dropFirst()
        while let byte = bytes.popFirst(), byte != UInt8(ascii: "\"") {
            // Browsers write a quote as %22 and leave a backslash as it is (RFC 7578 §4.2); others escape both.
            if byte == UInt8(ascii: "\\"), let next = bytes.first, next == UInt8(ascii: "\"") || next == byte {
                text.append(next)
                bytes = bytes.dropFirst()
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
