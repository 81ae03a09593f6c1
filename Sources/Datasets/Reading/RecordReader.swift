internal import FineTuning

/// Cuts a file of one format into records.
///
/// Not safe to be used by two threads at once.
protocol RecordReader: AnyObject {
    /// The next record or fault; nil at the end, and where the file stops to make sense.
    func next() throws(ReadingError) -> RecordStep?
}

extension SourceLine {
    /// - Throws: the fault of a line that is not UTF-8.
    func checkUTF8() throws(RowFault) { try Self.checkUTF8(bytes, line: number) }

    /// - Throws: the fault of bytes that are not UTF-8.
    static func checkUTF8(_ bytes: [UInt8], line: Int) throws(RowFault) {
        if bytes.allSatisfy({ $0 < 0x80 }) { return }
        guard case .failure(let byte) = SourceLine(number: line, bytes: bytes, ending: []).text() else { return }
        let value = String(byte.value, radix: 16, uppercase: true)
        let start = bytes[..<byte.position].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        throw RowFault(
            .encoding, line: line + bytes[..<start].count { $0 == 0x0A },
            reason: "not UTF-8: byte 0x\(value) at byte \(byte.position - start + 1) of the line",
            fix: "save the file as UTF-8; it may be in Latin-1 or Windows-1252 now "
                + "(iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW)")
    }
}

extension RowFault {
    /// The fault of a line, or an element, beyond the limit.
    static func tooLong(line: Int, limit: Int) -> RowFault {
        RowFault(
            line: line, reason: "the line is longer than \(limit) bytes; nothing behind it was read",
            fix: "write one row a line, and shorten or split long texts")
    }
}
