internal import CZlib

/// Unpacks a gzip file (RFC 1952), also one of several members.
struct GzipInflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>
    private let limits: GzipLimits
    private var input: [UInt8] = []
    private var position = 0
    /// Packed bytes that were taken before the ones in `input`.
    private var taken = 0
    private var produced = 0
    /// Whether a member was begun and not ended.
    private var isInside = false

    /// Whether these are the first bytes of a gzip file.
    static func begins(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    init(limits: GzipLimits) throws(ReadingError) {
        self.limits = limits
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window and 16 for the gzip wrapper, as zlib.h has it.
        let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK || code == Z_MEM_ERROR, "zlib refused its own version")
        guard code == Z_OK else { throw .system(.outOfMemory(operation: "unpack")) }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Takes packed bytes, once ``next()`` gave nothing of those before.
    mutating func take(_ packed: [UInt8]) {
        taken += input.count
        input = packed
        position = 0
    }

    /// The next unpacked bytes; empty where more packed ones are needed.
    mutating func next() throws(ReadingError) -> [UInt8] {
        while position < input.count {
            if !isInside {
                // Zeros behind the last member are padding, as gzip(1) takes them.
                if taken + position > 0, input[position] == 0 {
                    position += 1
                    continue
                }
                inflateReset(stream)
                isInside = true
            }
            let (bytes, code) = inflated()
            switch code {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: isInside = false
            default: throw damaged(stream.pointee.msg.map { String(cString: $0) } ?? "code \(code)")
            }
            produced += bytes.count
            try checkLimits()
            if !bytes.isEmpty { return bytes }
            if code == Z_BUF_ERROR { break }
        }
        return []
    }

    /// Says that there are no more packed bytes.
    func finish() throws(ReadingError) {
        guard isInside else { return }
        throw .damaged(
            reason: "the gzip file ends too early, at byte \(taken + position)", fix: "upload the whole file again")
    }

    private mutating func inflated() -> (bytes: [UInt8], code: Int32) {
        let (stream, position) = (stream, position)
        var code: Int32 = Z_OK
        var left = 0
        let bytes = input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: ByteSource.bufferSize) { buffer, filled in
                stream.pointee.next_in = input.baseAddress?.advanced(by: position)
                stream.pointee.avail_in = UInt32(input.count - position)
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(buffer.count)
                code = inflate(stream, Z_NO_FLUSH)
                left = Int(stream.pointee.avail_in)
                filled = buffer.count - Int(stream.pointee.avail_out)
            }
        }
        self.position = input.count - left
        return (bytes, code)
    }

    private func damaged(_ what: String) -> ReadingError {
        .damaged(
            reason: "the gzip file is damaged at byte \(taken + position): \(what)",
            fix: "pack it again, or upload it unpacked")
    }

    private func checkLimits() throws(ReadingError) {
        let packed = taken + position
        guard produced > limits.size || (produced > limits.allowance && produced > packed * limits.ratio) else {
            return
        }
        throw .damaged(
            reason: "the gzip file unpacks to more than \(produced) bytes from \(packed), which is beyond "
                + (produced > limits.size ? "\(limits.size) bytes" : "\(limits.ratio) times its size"),
            fix: "upload it unpacked, if it is what you mean to train on")
    }
}
