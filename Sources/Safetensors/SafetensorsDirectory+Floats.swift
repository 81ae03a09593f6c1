extension SafetensorsDirectory {
    /// Gives access to a tensor as Float32: where the file has such, aligned and in this machine's byte order, in place in
    /// the mapped file, else as a copy.
    ///
    /// - Throws: as ``read(_:into:)``, or what `body` throws.
    public func withFloats<Result>(
        of name: String, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) throws -> Result {
        #if _endian(little)
            if let file = files.first(where: { $0.tensor(named: name)?.element == .float32 }) {
                let mapped: Result? = try file.withBytes(of: name) { (bytes) -> Result? in
                    guard let start = bytes.baseAddress, Int(bitPattern: start) % MemoryLayout<Float>.alignment == 0
                    else { return nil }
                    return try body(bytes.assumingMemoryBound(to: Float.self))
                }
                if let mapped { return mapped }
            }
        #endif
        return try floats(name).withUnsafeBufferPointer(body)
    }
}
