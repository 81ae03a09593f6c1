/// The Content-Disposition header (RFC 6266).
enum ContentDisposition {
    /// `attachment` with the name as plain ASCII and, where that loses something, in full (RFC 8187).
    static func attachment(_ filename: String) -> String {
        let plain = filename.unicodeScalars.map { scalar -> Character in
            let isPlain = scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F
            return isPlain && scalar != "\"" && scalar != "\\" && scalar != "%" ? Character(scalar) : "_"
        }
        let value = "attachment; filename=\"\(String(plain))\""
        if String(plain) == filename { return value }
        let hex = Array("0123456789ABCDEF".utf8)
        let encoded = filename.utf8.flatMap { byte -> [UInt8] in
            let isAttribute =
                byte.isToken && byte != UInt8(ascii: "*") && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "%")
            return isAttribute ? [byte] : [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
        return value + "; filename*=UTF-8''" + String(decoding: encoded, as: UTF8.self)
    }
}
