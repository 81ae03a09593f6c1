/// How a data file holds its rows.
public enum DataFormat: String, Sendable, Hashable, CaseIterable {
    /// One JSON object a line.
    case jsonLines = "jsonl"
    /// Comma-separated values with a header row (RFC 4180).
    case commaSeparated = "csv"
    /// Tab-separated values with a header row; quotation marks mean nothing (IANA text/tab-separated-values).
    case tabSeparated = "tsv"

    /// The format that a name's extension tells, else the one that the first bytes look like.
    public static func detect(name: String, firstBytes: some Sequence<UInt8>) -> DataFormat {
        let suffix = name.split(separator: ".").last.map { $0.lowercased() }
        switch suffix {
        case "jsonl", "ndjson", "json": return .jsonLines
        case "csv": return .commaSeparated
        case "tsv", "tab": return .tabSeparated
        default: break
        }
        let text = Array(firstBytes).trimmingByteOrderMark
        let firstLine = text.prefix { $0 != 0x0A }
        if firstLine.first(where: { $0 != 0x20 && $0 != 0x0D }) == UInt8(ascii: "{") { return .jsonLines }
        if firstLine.contains(0x09) { return .tabSeparated }
        if firstLine.contains(UInt8(ascii: ",")) { return .commaSeparated }
        return .jsonLines
    }
}

extension [UInt8] {
    /// The bytes behind a UTF-8 byte order mark, if they begin with one.
    var trimmingByteOrderMark: ArraySlice<UInt8> { starts(with: [0xEF, 0xBB, 0xBF]) ? self[3...] : self[...] }
}
