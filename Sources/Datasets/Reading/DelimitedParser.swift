internal import FineTuning

/// Cuts lines into records: CSV (RFC 4180: fields in quotes may hold commas, doubled quotes and line ends), or TSV.
///
/// More than the RFC allows is taken where it is unambiguous: quotes inside of a field without quotes are themselves.
struct DelimitedParser {
    private let delimiter: UInt8
    private let quotes: Bool
    private let limit: Int

    /// Rows with more columns are no rows.
    static let columnLimit = 10_000

    /// The record that was begun and not ended: a quoted field goes on on the next line.
    private var fields: [[UInt8]] = []
    private var field: [UInt8] = []
    private var openedOn: Int?
    private var start = 0
    private var size = 0

    /// What a line gives.
    enum Step: Equatable {
        case record(DelimitedRecord)
        /// A quoted field goes on.
        case unfinished
        /// The quoted field that goes on is longer than the limit; what follows makes no sense.
        case runaway(openedOn: Int)
    }

    /// A parser.
    ///
    /// - Parameter limit: the largest record, in bytes.
    init(format: FileFormat, limit: Int = LineReader.defaultLimit) {
        delimiter = format == .tabSeparated ? 0x09 : UInt8(ascii: ",")
        quotes = format != .tabSeparated
        self.limit = limit
    }

    /// The line on which a quote was opened that no line closed yet.
    var unclosedQuote: Int? { openedOn }

    /// Takes a line.
    ///
    /// - Parameter line: valid UTF-8.
    mutating func take(_ line: SourceLine) throws(RowFault) -> Step {
        if openedOn == nil {
            start = line.number
            fields = []
            field = []
            size = 0
        }
        size += line.bytes.count
        var position = 0
        if openedOn != nil {
            position = try quoted(line, from: 0)
            if openedOn != nil { return unfinished() }
        }
        while true {
            if quotes, field.isEmpty, position < line.bytes.count, line.bytes[position] == UInt8(ascii: "\""),
                isFieldStart(line, position)
            {
                openedOn = line.number
                position = try quoted(line, from: position + 1)
                if openedOn != nil { return unfinished() }
            } else {
                let rest = line.bytes[position...]
                let end = rest.firstIndex(of: delimiter) ?? rest.endIndex
                field.append(contentsOf: rest[..<end])
                position = end
            }
            guard fields.count < Self.columnLimit else {
                throw RowFault(
                    line: start, reason: "the row has more than \(Self.columnLimit) columns",
                    fix: "put fields that hold a separator into quotes")
            }
            fields.append(field)
            field = []
            if position >= line.bytes.count { break }
            position += 1
        }
        return .record(
            DelimitedRecord(line: start, fields: fields.map { String(decoding: $0, as: UTF8.self) }))
    }

    private func isFieldStart(_ line: SourceLine, _ position: Int) -> Bool {
        position == 0 || line.bytes[position - 1] == delimiter
    }

    private func unfinished() -> Step {
        size > limit ? .runaway(openedOn: openedOn ?? start) : .unfinished
    }

    /// Reads on inside of quotes; gives the place of the delimiter or line end behind the closing one.
    private mutating func quoted(_ line: SourceLine, from start: Int) throws(RowFault) -> Int {
        let bytes = line.bytes
        var position = start
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "\"") else {
                field.append(bytes[position])
                position += 1
                continue
            }
            if position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") {
                field.append(UInt8(ascii: "\""))
                position += 2
                continue
            }
            openedOn = nil
            guard position + 1 == bytes.count || bytes[position + 1] == delimiter else {
                throw RowFault(
                    line: line.number,
                    reason: "text stands behind a closing quote, at byte \(position + 2) of the line",
                    fix: "double the quotes inside of a quoted field: \"\"")
            }
            return position + 1
        }
        field.append(contentsOf: line.ending)
        return position
    }
}
