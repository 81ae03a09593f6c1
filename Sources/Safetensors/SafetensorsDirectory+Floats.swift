internal import Foundation

extension SafetensorsDirectory {
    /// Gives access to a tensor as Float32: where the file has such, aligned and in this machine's byte order, in place in
    /// the mapped file, else as a copy. The pages that it touched do not stay in the process's memory.
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
                    defer { Self.release(bytes) }
                    return try body(bytes.assumingMemoryBound(to: Float.self))
                }
                if let mapped { return mapped }
            }
        #endif
        return try floats(name).withUnsafeBufferPointer(body)
    }

    /// Gives the pages of a clean, mapped file back; whoever reads there again gets them from the system's cache.
    private static func release(_ bytes: UnsafeRawBufferPointer) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        guard let base = bytes.baseAddress else { return }
        let start = Int(bitPattern: base) / page * page
        guard let first = UnsafeMutableRawPointer(bitPattern: start) else { return }
        madvise(first, Int(bitPattern: base) + bytes.count - start, MADV_DONTNEED)
    }
}
