/// Where in the extensions of a chunk size a parser stands (RFC 9112 §7.1.1).
///
/// `chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS ( token / quoted-string ) ] )`
enum ChunkExtension {
    case afterSize
    case spaceBeforeSemicolon
    case beforeName
    case name
    case spaceAfterName
    case beforeValue
    case token
    case quoted
    case quotedPair
    case afterQuoted

    /// Whether the line may end here.
    var mayEnd: Bool {
        switch self {
        case .afterSize, .name, .token, .afterQuoted: true
        case .spaceBeforeSemicolon, .beforeName, .spaceAfterName, .beforeValue, .quoted, .quotedPair: false
        }
    }

    /// Where the parser stands after a byte; nil where the byte is not allowed.
    func next(_ byte: UInt8) -> ChunkExtension? {
        let isSpace = byte == 0x20 || byte == 0x09
        switch self {
        case .quotedPair: return byte.isFieldValue ? .quoted : nil
        case .quoted:
            if byte == UInt8(ascii: "\"") { return .afterQuoted }
            if byte == UInt8(ascii: "\\") { return .quotedPair }
            return byte.isFieldValue ? .quoted : nil
        case .beforeName: return isSpace ? .beforeName : byte.isToken ? .name : nil
        case .beforeValue:
            if isSpace { return .beforeValue }
            if byte == UInt8(ascii: "\"") { return .quoted }
            return byte.isToken ? .token : nil
        case .name where byte.isToken: return .name
        case .token where byte.isToken: return .token
        case .name, .spaceAfterName:
            if isSpace { return .spaceAfterName }
            if byte == UInt8(ascii: "=") { return .beforeValue }
            return byte == UInt8(ascii: ";") ? .beforeName : nil
        case .afterSize, .spaceBeforeSemicolon, .token, .afterQuoted:
            if isSpace { return .spaceBeforeSemicolon }
            return byte == UInt8(ascii: ";") ? .beforeName : nil
        }
    }
}
