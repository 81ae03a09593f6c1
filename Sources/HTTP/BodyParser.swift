/// Takes the framing off a request body as it arrives (RFC 9112 §6, §7.1). A function of the bytes alone.
package struct BodyParser {
    /// What is too large.
    package struct Limits: Sendable {
        /// Bytes of chunk extensions in one body.
        package var extensionBytes: Int
        /// Bytes of trailer fields.
        package var trailerBytes: Int

        /// Limits; without any, those of a server that is configured no other way.
        package init(extensionBytes: Int = 4 * 1024, trailerBytes: Int = 8 * 1024) {
            self.extensionBytes = extensionBytes
            self.trailerBytes = trailerBytes
        }
    }

    private let limits: Limits
    private var state: State
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var lines = LineBuffer()

    private enum State {
        case length(Int)
        case chunkSize(value: Int, digits: Int)
        case chunkExtension(ChunkExtension)
        case chunkSizeEnd(Int)
        case chunkData(Int)
        case chunkDataReturn
        case chunkDataEnd
        case trailer
        case complete
    }

    /// The size of the chunk whose extension is being read.
    private var chunkSize = 0

    /// A parser of the body that a head announces.
    package init(framing: RequestHead.Framing, limits: Limits = Limits()) {
        self.limits = limits
        switch framing {
        case .none: state = .complete
        case .length(let count): state = count == 0 ? .complete : .length(count)
        case .chunked: state = .chunkSize(value: 0, digits: 0)
        }
    }

    /// Whether the last byte has been seen.
    package var isComplete: Bool { if case .complete = state { true } else { false } }

    /// Bytes that are known to come; nil for a chunked body.
    var remainingLength: Int? {
        switch state {
        case .length(let count): count
        case .complete: 0
        default: nil
        }
    }

    /// Takes bytes up to the end of the body and appends the data among them to `data`.
    ///
    /// - Returns: how many bytes belong to the body.
    /// - Throws: `HTTPError` 400 for broken framing, 413 for a size beyond 2^63, 431 beyond the limits.
    package mutating func consume(_ input: UnsafeRawBufferPointer, into data: inout [UInt8]) throws(HTTPError) -> Int {
        var offset = 0
        while offset < input.count {
            switch state {
            case .complete: return offset
            case .length(let count): offset += take(count, input, offset, &data) { $0 == 0 ? .complete : .length($0) }
            case .chunkData(let count):
                offset += take(count, input, offset, &data) { $0 == 0 ? .chunkDataReturn : .chunkData($0) }
            case .trailer: offset += try takeTrailer(UnsafeRawBufferPointer(rebasing: input[offset...]))
            default:
                try advance(input[offset])
                offset += 1
            }
        }
        return offset
    }

    private mutating func take(
        _ count: Int, _ input: UnsafeRawBufferPointer, _ offset: Int, _ data: inout [UInt8], _ next: (Int) -> State
    ) -> Int {
        let taken = min(count, input.count - offset)
        data.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[offset..<(offset + taken)]))
        state = next(count - taken)
        return taken
    }

    /// One byte of what stands around the data.
    private mutating func advance(_ byte: UInt8) throws(HTTPError) {
        switch state {
        case .chunkSize(let value, let digits):
            if let digit = byte.hexValue {
                if digits == 16 { throw .badRequest("a chunk size has more than 16 digits") }
                if value > Int.max >> 4 { throw .contentTooLarge("a chunk size is too large") }
                state = .chunkSize(value: value << 4 | Int(digit), digits: digits + 1)
                return
            }
            if digits == 0 { throw .badRequest("a chunk size is no hexadecimal number") }
            chunkSize = value
            try advance(extension: .afterSize, byte)
        case .chunkExtension(let part): try advance(extension: part, byte)
        case .chunkSizeEnd(let size):
            guard byte == 0x0A else { throw .badRequest("a chunk size does not end with CRLF") }
            state = size == 0 ? .trailer : .chunkData(size)
        case .chunkDataReturn:
            guard byte == 0x0D else { throw .badRequest("the data of a chunk does not end with CRLF") }
            state = .chunkDataEnd
        case .chunkDataEnd:
            guard byte == 0x0A else { throw .badRequest("the data of a chunk does not end with CRLF") }
            state = .chunkSize(value: 0, digits: 0)
        case .length, .chunkData, .trailer, .complete: break
        }
    }

    private mutating func advance(extension part: ChunkExtension, _ byte: UInt8) throws(HTTPError) {
        if byte == 0x0D, part.mayEnd {
            state = .chunkSizeEnd(chunkSize)
            return
        }
        guard let next = part.next(byte) else { throw .badRequest("a chunk size or its extension is malformed") }
        extensionBytes += 1
        if extensionBytes > limits.extensionBytes {
            throw HTTPError(.headerFieldsTooLarge, "chunk extensions are larger than \(limits.extensionBytes) bytes")
        }
        state = .chunkExtension(next)
    }

    /// Trailer fields are checked and dropped: merged into the headers they could overrule them (RFC 9110 §6.5.1).
    private mutating func takeTrailer(_ rest: UnsafeRawBufferPointer) throws(HTTPError) -> Int {
        var isEnd = false
        let before = lines.count
        let tooLarge = HTTPError(.headerFieldsTooLarge, "trailers are larger than \(limits.trailerBytes) bytes")
        // The empty line that ends the trailers is none of them.
        let most = limits.trailerBytes + 2 - trailerBytes
        let outcome = try lines.next(rest, limit: limits.trailerBytes) { (line) throws(HTTPError) in
            if line.count + 1 > most { throw tooLarge }
            let line = try LineBuffer.withoutCarriageReturn(line)
            isEnd = line.isEmpty
            if !isEnd { _ = try FieldLine.parse(line) }
        }
        switch outcome {
        case .tooLong: throw tooLarge
        case .incomplete:
            if lines.count + 1 > most { throw tooLarge }
            return rest.count
        case .line(let consumed):
            trailerBytes += before + consumed
            if isEnd { state = .complete }
            return consumed
        }
    }
}
