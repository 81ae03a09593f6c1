/// How a data file holds its rows.
public enum FileFormat: String, Sendable, Hashable, CaseIterable {
    /// What the file's name and its first bytes tell.
    case auto
    /// One JSON object a line.
    case jsonLines = "jsonl"
    /// One JSON array of objects.
    case json
    /// Comma-separated values (RFC 4180).
    case commaSeparated = "csv"
    /// Tab-separated values.
    case tabSeparated = "tsv"
    /// A word and its tag a line, sentences separated by empty lines (CoNLL-2003).
    case conll
    /// Plain text, a text a line.
    case text

    /// Whether the columns may be named in a first row.
    public var mayHaveHeader: Bool { self == .auto || self == .commaSeparated || self == .tabSeparated }
}
