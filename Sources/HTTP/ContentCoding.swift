import CZlib

/// gzip of response bodies (RFC 1952, RFC 9110 §8.4.1.3).
enum ContentCoding {
    /// Whether an Accept-Encoding header allows gzip (RFC 9110 §12.5.3).
    static func acceptsGzip(_ values: [String]) -> Bool {
        var any = false
        for item in values.flatMap({ $0.split(separator: ",") }) {
            let parts = item.split(separator: ";").map { part in part.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let coding = parts.first else { continue }
            let isRefused = parts.dropFirst().contains { parameter in
                parameter.hasPrefix("q=") && (Double(parameter.dropFirst(2)) ?? 0) == 0
            }
            if coding == "gzip" || coding == "x-gzip" { return !isRefused }
            if coding == "*" { any = !isRefused }
        }
        return any
    }

    /// The bytes as a gzip stream; nil where that does not make them smaller, or zlib is out of memory.
    ///
    /// - Parameter level: 1 (fast) to 9 (small).
    static func gzip(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window and 16 for the gzip wrapper, as zlib.h has it.
        let code = deflateInit2_(
            &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        var isComplete = false
        let output = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, filled in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                isComplete = deflate(&stream, Z_FINISH) == Z_STREAM_END
                filled = isComplete ? Int(stream.total_out) : 0
            }
        }
        return isComplete ? output : nil
    }
}
