internal import FineTuning

extension FileFormat {
    /// The format that a name's extension tells (before `.gz`), else the one that the first bytes look like.
    ///
    /// - Parameter shape: what the task reads decides what plain lines are: words and tags, or texts.
    static func detect(name: String, firstBytes: some Sequence<UInt8>, shape: RowShape) -> FileFormat {
        var parts = name.split(separator: ".").map { $0.lowercased() }
        if parts.count > 1, parts.last == "gz" { parts.removeLast() }
        let text = Array(firstBytes).trimmingByteOrderMark
        let first = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        switch parts.last {
        case "jsonl", "ndjson": return .jsonLines
        case "json": return isArrayOfObjects(text) ? .json : .jsonLines
        case "csv": return .commaSeparated
        case "tsv", "tab": return .tabSeparated
        case "conll", "conllu", "bio", "iob", "iob2": return .conll
        default: break
        }
        if first == UInt8(ascii: "{") { return .jsonLines }
        if isArrayOfObjects(text) { return .json }
        switch shape {
        case .tagged: return .conll
        case .plain: return .text
        case .labelled, .scored, .anchored: break
        }
        let firstLine = text.prefix { $0 != 0x0A }
        if firstLine.contains(0x09) { return .tabSeparated }
        if firstLine.contains(UInt8(ascii: ",")) { return .commaSeparated }
        return .jsonLines
    }

    /// `[` and then `{` or `]`.
    private static func isArrayOfObjects(_ text: ArraySlice<UInt8>) -> Bool {
        let marks = text.lazy.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(2)
        return marks.first == UInt8(ascii: "[")
            && marks.dropFirst().first.map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "]") } ?? true
    }
}

extension [UInt8] {
    /// The bytes behind a UTF-8 byte order mark, if they begin with one.
    var trimmingByteOrderMark: ArraySlice<UInt8> { starts(with: [0xEF, 0xBB, 0xBF]) ? self[3...] : self[...] }
}
