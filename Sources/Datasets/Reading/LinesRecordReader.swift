internal import FineTuning

/// Files whose lines are the rows: JSON lines and plain text.
final class LinesRecordReader: RecordReader {
    private let lines: LineReader
    private let isJSON: Bool
    private var isDone = false

    /// - Parameter isJSON: JSON lines, else plain text.
    init(_ lines: LineReader, isJSON: Bool) {
        self.lines = lines
        self.isJSON = isJSON
    }

    func next() throws(ReadingError) -> RecordStep? {
        while !isDone {
            switch try lines.next() {
            case .line(let line):
                guard !line.isBlank else { continue }
                return .record(Record(line: line.number, content: isJSON ? .json(line.bytes) : .text(line.bytes)))
            case .tooLong(let number):
                isDone = true
                return .fault(.tooLong(line: number, limit: lines.limit))
            case .end: isDone = true
            }
        }
        return nil
    }
}
