internal import FineTuning

/// An opened data file: what cuts it into records, and what makes rows of them.
struct DataFile {
    /// Cuts the file into records.
    let records: any RecordReader
    /// Makes rows of the records; may be used by several threads at once.
    let parser: RowParser

    /// The most bytes that are looked at to tell the format.
    private static let headSize = 256

    /// Opens a file and tells its format.
    ///
    /// - Parameter lineLimit: the longest line, CSV record or array element, in bytes.
    init(
        _ source: DataSource, shape: RowShape, data: DataPipeline, lineLimit: Int = LineReader.defaultLimit
    ) throws(ReadingError) {
        let lines = try LineReader(path: source.path, limit: lineLimit)
        let head = Array(try lines.peek(Self.headSize))
        try Self.refuseForeign(head)
        let mapping = RowMapping(fields: data.fields, shape: shape)
        let format =
            data.format == .auto
            ? FileFormat.detect(name: source.name, firstBytes: head, shape: shape) : data.format
        switch format {
        case .json: records = ArrayRecordReader(lines)
        case .commaSeparated, .tabSeparated:
            records = DelimitedRecordReader(lines, format: format, header: data.header, mapping: mapping)
        case .conll: records = ConllRecordReader(lines)
        case .text: records = LinesRecordReader(lines, isJSON: false)
        case .jsonLines, .auto: records = LinesRecordReader(lines, isJSON: true)
        }
        parser = RowParser(mapping: mapping, isLines: format != .json)
    }

    /// Files that are no text at all, told by their first bytes.
    private static func refuseForeign(_ head: [UInt8]) throws(ReadingError) {
        let known: [(start: [UInt8], name: String, fix: String)] = [
            ([0xFF, 0xFE], "UTF-16 text", "save it as UTF-8"), ([0xFE, 0xFF], "UTF-16 text", "save it as UTF-8"),
            ([0x1F, 0x8B], "a gzip file inside of a gzip file", "pack it once only"),
            ([0x50, 0x4B, 0x03, 0x04], "a zip archive or a spreadsheet", "unpack it, or export the sheet as CSV"),
            (Array("PAR1".utf8), "a Parquet file", "export it as JSONL or CSV"),
        ]
        guard let format = known.first(where: { head.starts(with: $0.start) }) else { return }
        throw .damaged(
            reason: "the file is \(format.name), not JSONL, JSON, CSV, TSV, CoNLL or plain text", fix: format.fix)
    }
}
