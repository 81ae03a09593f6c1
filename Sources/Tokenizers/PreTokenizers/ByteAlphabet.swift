/// The 256 printable letters that byte-level models write bytes with.
///
/// Source: `bytes_to_unicode` of GPT-2's encoder.
enum ByteAlphabet {
    /// The letter of each byte.
    static let letters: [Unicode.Scalar] = {
        var letters: [Unicode.Scalar] = []
        var next: UInt32 = 0x100
        for byte in UInt32(0)..<256 {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: letters.append(Unicode.Scalar(byte)!)
            default:
                letters.append(Unicode.Scalar(next)!)
                next += 1
            }
        }
        return letters
    }()

    /// The byte of each letter.
    static let bytes: [Unicode.Scalar: UInt8] = Dictionary(
        uniqueKeysWithValues: letters.enumerated().map { ($1, UInt8($0)) })

    /// The letters in UTF-8: the first byte, and the second, or 0.
    private static let encodings: [(UInt8, UInt8)] = letters.map { letter in
        let bytes = Array(UTF8.encode(letter)!)
        return (bytes[0], bytes.count > 1 ? bytes[1] : 0)
    }

    /// Appends a stretch of a text with its bytes as letters.
    static func append(_ text: NormalizedText, _ stretch: Range<Int>, to output: inout NormalizedText) {
        let encodings = encodings
        for index in stretch {
            let (first, second) = encodings[Int(text.bytes[index])]
            output.append(byte: first, origin: text.origins[index])
            if second != 0 { output.append(byte: second, origin: text.origins[index]) }
        }
    }

    /// A whole text with its bytes as letters.
    static func encoded(_ text: NormalizedText) -> NormalizedText {
        var output = NormalizedText(replacing: text, capacity: text.bytes.count * 2)
        append(text, text.bytes.indices, to: &output)
        return output
    }
}
