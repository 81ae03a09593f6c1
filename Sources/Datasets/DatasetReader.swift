internal import FineTuning

/// Reads a text classification file row by row, and reports every line that is not a row.
struct DatasetReader {
    let source: DataSource
    let mapping: RowMapping
    /// The longest line, and the longest CSV record, in bytes.
    var lineLimit = LineReader.defaultLimit

    /// Reads the file to its end, or to where it stops to make sense.
    ///
    /// - Parameter onRow: gets the good rows in order.
    /// - Throws: where the file cannot be read.
    func read(findings: inout FindingList, onRow: (TextRow) -> Void) throws(DatasetError) {
        var lines = try LineReader(path: source.path, limit: lineLimit)
        let head = Array(try lines.peek())
        if let fault = Self.foreignFormat(head) {
            findings.append(fault)
            return
        }
        switch DataFormat.detect(name: source.name, firstBytes: head) {
        case .jsonLines: try readJSONLines(&lines, &findings, onRow)
        case let format: try readDelimited(&lines, format, &findings, onRow)
        }
    }

    private func readJSONLines(
        _ lines: inout LineReader, _ findings: inout FindingList, _ onRow: (TextRow) -> Void
    ) throws(DatasetError) {
        let parser = JSONLineParser(mapping: mapping)
        while let line = try nextLine(&lines, &findings) {
            guard !line.isBlank else { continue }
            do throws(RowFault) {
                try checkUTF8(line)
                onRow(try parser.row(line))
            } catch {
                findings.append(error.finding)
            }
        }
    }

    private func readDelimited(
        _ lines: inout LineReader, _ format: DataFormat, _ findings: inout FindingList, _ onRow: (TextRow) -> Void
    ) throws(DatasetError) {
        var parser = DelimitedParser(format: format, limit: lineLimit)
        var columns: DelimitedColumns?
        while let line = try nextLine(&lines, &findings) {
            if line.bytes.isEmpty, parser.unclosedQuote == nil { continue }
            do throws(RowFault) {
                try checkUTF8(line)
                switch try parser.take(line) {
                case .unfinished: continue
                case .runaway(let opened):
                    findings.append(Self.unclosedQuote(opened).finding)
                    return
                case .record(let record):
                    if let columns {
                        onRow(try columns.row(record))
                    } else {
                        columns = try DelimitedColumns(header: record, mapping: mapping, format: format)
                    }
                }
            } catch {
                findings.append(error.finding)
                // Without a header no line can be understood.
                if columns == nil { return }
            }
        }
        if let opened = parser.unclosedQuote { findings.append(Self.unclosedQuote(opened).finding) }
    }

    /// The next line; nil at the end, and behind a line that is too long, which is reported.
    private func nextLine(
        _ lines: inout LineReader, _ findings: inout FindingList
    ) throws(DatasetError) -> SourceLine? {
        switch try lines.next() {
        case .line(let line): return line
        case .end: return nil
        case .tooLong(let number):
            findings.append(
                Finding(
                    .error, line: number,
                    reason: "the line is longer than \(lineLimit) bytes; nothing behind it was read",
                    fix: "write one row a line, and shorten or split long texts"))
            return nil
        }
    }

    private func checkUTF8(_ line: SourceLine) throws(RowFault) {
        guard case .failure(let byte) = line.text() else { return }
        let value = String(byte.value, radix: 16, uppercase: true)
        throw RowFault(
            line: line.number,
            reason: "not UTF-8: byte 0x\(value) at byte \(byte.position + 1) of the line",
            fix: "save the file as UTF-8; it may be in Latin-1 or Windows-1252 now")
    }

    private static func unclosedQuote(_ line: Int) -> RowFault {
        RowFault(
            line: line, reason: "the quote that is opened here is never closed",
            fix: "close it, and double the quotes inside of a quoted field: \"\"")
    }

    /// Files that are no text at all, told by their first bytes.
    private static func foreignFormat(_ head: [UInt8]) -> Finding? {
        let known: [(start: [UInt8], name: String, fix: String)] = [
            ([0xFF, 0xFE], "UTF-16 text", "save it as UTF-8"), ([0xFE, 0xFF], "UTF-16 text", "save it as UTF-8"),
            ([0x1F, 0x8B], "a gzip file", "unpack it first"),
            ([0x50, 0x4B, 0x03, 0x04], "a zip archive or a spreadsheet", "unpack it, or export the sheet as CSV"),
            (Array("PAR1".utf8), "a Parquet file", "export it as JSONL or CSV"),
        ]
        return known.first { head.starts(with: $0.start) }.map { format in
            Finding(.error, reason: "the file is \(format.name), not JSONL, CSV or TSV", fix: format.fix)
        }
    }
}
