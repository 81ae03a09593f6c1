/// One stage of the way from tokens back to text. A sequence of stages is a list of these.
///
/// Source: `decoders` of the Python package `tokenizers`.
enum Decoder: Sendable {
    case wordPiece(WordPieceDecoder)
    case byteLevel
    case metaspace(Metaspace)
    case bytePairEncoding(suffix: String)
    case byteFallback
    case fuse
    case strip(content: Unicode.Scalar, start: Int, stop: Int)
    case replace(TextPattern, by: [UInt8])

    /// What becomes of the tokens; in the end they are put together without spaces.
    func decode(_ tokens: [String]) -> [String] {
        switch self {
        case .wordPiece(let decoder): decoder.decode(tokens)
        case .byteLevel: [Self.bytesBehindLetters(tokens)]
        case .metaspace(let metaspace): Self.decode(tokens, metaspace)
        case .bytePairEncoding(let suffix): Self.decode(tokens, suffix: suffix)
        case .byteFallback: ByteFallbackDecoder.decode(tokens)
        case .fuse: [tokens.joined()]
        case .strip(let content, let start, let stop):
            tokens.map { Self.stripped($0, content, start: start, stop: stop) }
        case .replace(let pattern, let content):
            tokens.map { token in
                var text = NormalizedText()
                var token = token
                token.withUTF8 { text.assign($0, origin: 0) }
                text.replace(pattern.matches(in: text.bytes), by: content)
                return String(decoding: text.bytes, as: UTF8.self)
            }
        }
    }

    /// Byte-level letters as the bytes they stand for; a token with another letter in it stands for itself.
    private static func bytesBehindLetters(_ tokens: [String]) -> String {
        var bytes: [UInt8] = []
        for token in tokens {
            let letters = token.unicodeScalars.map { ByteAlphabet.bytes[$0] }
            bytes += letters.contains(nil) ? Array(token.utf8) : letters.compactMap(\.self)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decode(_ tokens: [String], _ metaspace: Metaspace) -> [String] {
        let sign = String(decoding: metaspace.replacement, as: UTF8.self).unicodeScalars.first
        return tokens.enumerated().map { index, token in
            var text = String.UnicodeScalarView()
            for scalar in token.unicodeScalars {
                if scalar != sign {
                    text.append(scalar)
                } else if index > 0 || metaspace.prependScheme == .never {
                    text.append(" ")
                }
            }
            return String(text)
        }
    }

    private static func decode(_ tokens: [String], suffix: String) -> [String] {
        let pattern = Array(suffix.utf8)
        return tokens.enumerated().map { index, token in
            let space: [UInt8] = index == tokens.count - 1 ? [] : [0x20]
            return Decoder.replace(.string(pattern), by: space).decode([token])[0]
        }
    }

    private static func stripped(_ token: String, _ content: Unicode.Scalar, start: Int, stop: Int) -> String {
        let scalars = Array(token.unicodeScalars)
        let leading = scalars.prefix(start).prefix { $0 == content }.count
        let trailing = scalars.suffix(stop).reversed().prefix { $0 == content }.count
        var text = String.UnicodeScalarView()
        if leading < scalars.count - trailing { text.append(contentsOf: scalars[leading..<scalars.count - trailing]) }
        return String(text)
    }
}
