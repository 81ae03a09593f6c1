internal import FineTuning

/// CSV and TSV files, with a header or without.
final class DelimitedRecordReader: RecordReader {
    private let lines: LineReader
    private let mapping: RowMapping
    private let header: HeaderRow
    private let separator: String
    private var parser: DelimitedParser
    private var columns: DelimitedColumns?
    /// Records that were read to find out whether the first is a header.
    private var ahead: [RawStep] = []
    private var isDone = false

    private enum RawStep {
        case record(DelimitedRecord)
        case fault(RowFault)
    }

    /// Records that are looked at to tell a header.
    private static let lookahead = 100

    init(_ lines: LineReader, format: FileFormat, header: HeaderRow, mapping: RowMapping) {
        self.lines = lines
        self.mapping = mapping
        self.header = header
        separator = format == .tabSeparated ? "tabs" : "commas"
        parser = DelimitedParser(format: format, limit: lines.limit)
    }

    func next() throws(ReadingError) -> RecordStep? {
        if columns == nil {
            if let fault = try readHeader() {
                (isDone, ahead) = (true, [])
                return .fault(fault)
            }
            // The file is empty.
            guard columns != nil else { return nil }
        }
        let step: RawStep? = ahead.isEmpty ? try read() : ahead.removeFirst()
        switch step {
        case .record(let record)?:
            guard let columns else { return nil }
            return .record(Record(line: record.line, content: .columns(record, columns)))
        case .fault(let fault)?: return .fault(fault)
        case nil: return nil
        }
    }

    /// Finds the columns; the fault of a header that does not serve.
    private func readHeader() throws(ReadingError) -> RowFault? {
        let first: DelimitedRecord
        switch try read() {
        case .record(let record)?: first = record
        case .fault(let fault)?: return fault
        case nil: return nil
        }
        if header == .auto, mayBeData(first) {
            while ahead.count < Self.lookahead, let step = try read() { ahead.append(step) }
        }
        do throws(RowFault) {
            if isHeader(first) {
                columns = try DelimitedColumns(header: first, mapping: mapping, separator: separator)
            } else {
                columns = try DelimitedColumns(columnsOf: first, mapping: mapping)
                ahead.insert(.record(first), at: 0)
            }
            return nil
        } catch {
            return error
        }
    }

    private func isHeader(_ first: DelimitedRecord) -> Bool {
        switch header {
        case .present: true
        case .absent: false
        case .auto: !mayBeData(first) || !isData(first)
        }
    }

    /// Whether the first record holds none of the names, and as many columns as the task has fields.
    private func mayBeData(_ first: DelimitedRecord) -> Bool {
        let names = Set(first.fields.map(\.trimmingWhiteSpace))
        guard !mapping.shape.ordered.contains(where: { names.contains(mapping.fields[$0]) }) else { return false }
        let isNumbered = mapping.shape.required.allSatisfy { Int(mapping.fields[$0]) != nil }
        return isNumbered || mapping.shape.roles(ofColumns: first.fields.count) != nil
    }

    /// Whether a record that may be data looks like it: its score is a number, its label comes again in the rows behind
    /// it, or, where there is neither, a column holds three words.
    private func isData(_ first: DelimitedRecord) -> Bool {
        let shape = mapping.shape
        if shape.required.allSatisfy({ Int(mapping.fields[$0]) != nil }) { return true }
        guard let roles = shape.roles(ofColumns: first.fields.count) else { return false }
        if let place = roles.firstIndex(of: .score) { return Double(first.fields[place].trimmingWhiteSpace) != nil }
        if let place = roles.firstIndex(where: { $0 == .label || $0 == .labels }) {
            return ahead.contains { step in
                guard case .record(let record) = step, record.fields.indices.contains(place) else { return false }
                return record.fields[place].trimmingWhiteSpace == first.fields[place].trimmingWhiteSpace
            }
        }
        return first.fields.contains { $0.split(whereSeparator: \.isWhitespace).count >= 3 }
    }

    private func read() throws(ReadingError) -> RawStep? {
        while !isDone {
            switch try lines.next() {
            case .line(let line):
                if line.bytes.isEmpty, parser.unclosedQuote == nil { continue }
                if let step = take(line) { return step }
            case .tooLong(let number):
                isDone = true
                return .fault(.tooLong(line: number, limit: lines.limit))
            case .end:
                isDone = true
                if let opened = parser.unclosedQuote { return .fault(Self.unclosedQuote(opened)) }
            }
        }
        return nil
    }

    private func take(_ line: SourceLine) -> RawStep? {
        do throws(RowFault) {
            try line.checkUTF8()
            switch try parser.take(line) {
            case .unfinished: return nil
            case .record(let record): return .record(record)
            case .runaway(let opened):
                isDone = true
                return .fault(Self.unclosedQuote(opened))
            }
        } catch {
            return .fault(error)
        }
    }

    private static func unclosedQuote(_ line: Int) -> RowFault {
        RowFault(
            line: line, reason: "the quote that is opened here is never closed",
            fix: "close it, and double the quotes inside of a quoted field: \"\"")
    }
}
