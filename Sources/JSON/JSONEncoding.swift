extension JSONValue {
    /// The value as a JSON text on one line, without spaces.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The value as UTF-8 JSON on one line, without spaces.
    public var bytes: [UInt8] {
        var output: [UInt8] = []
        write(to: &output, indentation: nil)
        return output
    }

    /// The value as a JSON text with two spaces a level and a line end at its end.
    public var prettyText: String {
        var output: [UInt8] = []
        write(to: &output, indentation: 0)
        output.append(UInt8(ascii: "\n"))
        return String(decoding: output, as: UTF8.self)
    }

    private func write(to output: inout [UInt8], indentation: Int?) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): output.append(contentsOf: String(value).utf8)
        case .number(let value): output.append(contentsOf: (value.isFinite ? value.description : "null").utf8)
        case .string(let value): Self.write(value, to: &output)
        case .array(let elements):
            Self.write("[", elements, "]", to: &output, indentation) { $0.write(to: &$1, indentation: $2) }
        case .object(let object):
            Self.write("{", object.members, "}", to: &output, indentation) { member, output, inner in
                Self.write(member.name, to: &output)
                output.append(UInt8(ascii: ":"))
                if inner != nil { output.append(UInt8(ascii: " ")) }
                member.value.write(to: &output, indentation: inner)
            }
        }
    }

    private static func write<Item>(
        _ opening: String, _ items: [Item], _ closing: String, to output: inout [UInt8], _ indentation: Int?,
        _ writeItem: (Item, inout [UInt8], Int?) -> Void
    ) {
        output.append(contentsOf: opening.utf8)
        let inner = indentation.map { $0 + 1 }
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            newLine(inner, to: &output)
            writeItem(item, &output, inner)
        }
        if !items.isEmpty { newLine(indentation, to: &output) }
        output.append(contentsOf: closing.utf8)
    }

    private static func newLine(_ indentation: Int?, to output: inout [UInt8]) {
        guard let indentation else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indentation))
    }

    private static func write(_ string: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { bytes in
            // Most strings need no escape, and go out as one piece.
            var start = 0
            for (index, byte) in bytes.enumerated() where needsEscape(byte) {
                output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
                output.append(contentsOf: escape(byte).utf8)
                start = index + 1
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private static func escape(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "\""): return #"\""#
        case UInt8(ascii: "\\"): return #"\\"#
        case 0x0A: return #"\n"#
        case 0x0D: return #"\r"#
        case 0x09: return #"\t"#
        default:
            let hex = String(byte, radix: 16)
            return "\\u00\(hex.count == 1 ? "0" : "")\(hex)"
        }
    }
}
