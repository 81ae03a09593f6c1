/// Drops white space from the ends of a text.
enum Strip {
    /// Drops it at the beginning, at the end, or both.
    static func apply(to text: inout NormalizedText, left: Bool, right: Bool) {
        let kept = text.bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            var end = bytes.count
            while left, start < end {
                let (scalar, size) = UTF8Reader.scalar(in: bytes, at: start)
                guard scalar.properties.isWhitespace else { break }
                start += size
            }
            while right, let (scalar, size) = UTF8Reader.scalar(in: bytes, before: end), end > start {
                guard scalar.properties.isWhitespace else { break }
                end -= size
            }
            return start..<max(start, end)
        }
        if kept.count < text.bytes.count { text.keep(kept) }
    }
}
