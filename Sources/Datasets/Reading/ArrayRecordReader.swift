internal import FineTuning

/// A JSON array whose elements are the rows, cut out one after another.
final class ArrayRecordReader: RecordReader {
    private let lines: LineReader
    private var line = 1
    private var state = State.start
    private var elements = 0
    /// A fault behind the last element, which comes first.
    private var pending: RecordStep?

    private enum State {
        case start
        /// Behind `[` or a comma.
        case beforeElement
        case done
    }

    init(_ lines: LineReader) { self.lines = lines }

    func next() throws(ReadingError) -> RecordStep? {
        if case .start = state {
            if try lines.peek(3).starts(with: [0xEF, 0xBB, 0xBF]) {
                for _ in 0..<3 { _ = try lines.nextByte() }
            }
            guard try nextMark() == UInt8(ascii: "[") else {
                return end(.fault(fault("the array does not begin with \"[\"", "name JSON lines .jsonl")))
            }
            state = .beforeElement
        }
        guard case .beforeElement = state else {
            defer { pending = nil }
            return pending
        }
        guard let first = try nextMark() else { return end(.fault(unfinished)) }
        if first == UInt8(ascii: "]") {
            guard elements == 0 else { return end(.fault(fault("a comma stands before the \"]\"", "remove it"))) }
            return try tail()
        }
        return try element(first)
    }

    /// The element that begins with a byte, up to the comma or bracket behind it.
    private func element(_ first: UInt8) throws(ReadingError) -> RecordStep? {
        let start = line
        var bytes: [UInt8] = []
        var (depth, isString, isEscaped) = (0, false, false)
        var next: UInt8? = first
        while let byte = next {
            if depth == 0, !isString, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") {
                elements += 1
                if byte == UInt8(ascii: "]"), let fault = try tail() { pending = fault }
                return .record(Record(line: start, content: .json(bytes)))
            }
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
            }
            bytes.append(byte)
            if bytes.count > lines.limit { return end(.fault(.tooLong(line: start, limit: lines.limit))) }
            next = try nextByte()
        }
        return end(.fault(unfinished))
    }

    /// What stands behind the array: nothing, or a fault.
    private func tail() throws(ReadingError) -> RecordStep? {
        state = .done
        guard try nextMark() != nil else { return nil }
        return .fault(fault("something stands behind the array's end", "remove it; a file is one array"))
    }

    private func end(_ step: RecordStep) -> RecordStep {
        state = .done
        return step
    }

    private var unfinished: RowFault { fault("the array is never closed", "close it with \"]\"; the file may be cut") }

    private func fault(_ reason: String, _ fix: String) -> RowFault { RowFault(line: line, reason: reason, fix: fix) }

    private func nextMark() throws(ReadingError) -> UInt8? {
        while let byte = try nextByte() {
            if ![0x20, 0x09, 0x0A, 0x0D].contains(byte) { return byte }
        }
        return nil
    }

    private func nextByte() throws(ReadingError) -> UInt8? {
        let byte = try lines.nextByte()
        if byte == 0x0A { line += 1 }
        return byte
    }
}
