internal import Cryptography

/// The secrets of tokens: `ft-` and 48 hexadecimal digits (192 bits).
public enum TokenSecret {
    private static let prefix = Array("ft-".utf8)
    private static let digits = Array("0123456789abcdef".utf8)
    private static let length = 48

    /// A new one.
    static func make() -> String {
        String(decoding: prefix, as: UTF8.self) + randomBytes(length / 2).hex
    }

    /// A text with `ft-…` for every secret in it: for what is written down, where a client has put its token into a
    /// path or a name by mistake.
    public static func redacted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var (kept, position) = ([UInt8](), 0)
        while let place = next(in: bytes, from: position) {
            kept += bytes[position..<place] + Array("ft-…".utf8)
            position = place + prefix.count + length
        }
        return position == 0 ? text : String(decoding: kept + bytes[position...], as: UTF8.self)
    }

    /// Where the next secret begins.
    private static func next(in bytes: [UInt8], from start: Int) -> Int? {
        let whole = prefix.count + length
        guard start <= bytes.count - whole else { return nil }
        return (start...(bytes.count - whole)).first { place in
            bytes[place] == prefix[0] && bytes[place..<(place + prefix.count)].elementsEqual(prefix)
                && bytes[(place + prefix.count)..<(place + whole)].allSatisfy(digits.contains)
        }
    }
}
