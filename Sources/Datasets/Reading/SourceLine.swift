/// A line of a data file.
struct SourceLine: Equatable {
    /// Its number, from 1.
    let number: Int
    /// Its bytes without line end; of the first line, without byte order mark.
    let bytes: [UInt8]
    /// How the line ended: `\n`, `\r\n`, or not at all at the end of the file.
    let ending: [UInt8]

    /// Whether there is nothing but white space.
    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }

    /// The line as text, or the position (from 0) of the first byte that is not UTF-8.
    func text() -> Result<String, InvalidByte> {
        if let text = String(validating: bytes, as: UTF8.self) { return .success(text) }
        var iterator = bytes.makeIterator()
        var parser = UTF8.ForwardParser()
        var position = 0
        while case .valid(let encoded) = parser.parseScalar(from: &iterator) { position += encoded.count }
        return .failure(InvalidByte(position: position, value: bytes[min(position, bytes.count - 1)]))
    }

    /// A byte that does not belong into UTF-8.
    struct InvalidByte: Error, Equatable {
        let position: Int
        let value: UInt8
    }
}
