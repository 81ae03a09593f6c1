import Glibc

/// A system call that failed: which, why, and on what.
public struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the call, such as `open`.
    public let call: String
    /// The value of `errno` after it.
    public let code: Int32
    /// The file, address or program concerned, where there is one.
    public let path: String?

    /// An error of `call` with an explicit `errno` value.
    public init(call: String, code: Int32, path: String? = nil) {
        self.call = call
        self.code = code
        self.path = path
    }

    /// An error of `call` with the calling thread's present `errno`.
    public static func last(_ call: String, path: String? = nil) -> SystemCallError {
        SystemCallError(call: call, code: errno, path: path)
    }

    /// Whether the file is not there (ENOENT).
    public var isNoSuchFile: Bool { code == ENOENT }

    /// Whether the disk or the quota is full (ENOSPC, EDQUOT).
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether nobody reads any more what is written (EPIPE).
    public var isBrokenPipe: Bool { code == EPIPE }

    /// The system's own words for `code`, such as "No such file or directory".
    public var reason: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "unknown error" }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    /// What failed, where, and why.
    public var description: String {
        let subject = path.map { " \($0)" } ?? ""
        return "\(call)\(subject): \(reason) (errno \(code))"
    }
}

/// Runs a system call again for as long as a signal interrupts it.
///
/// - Returns: the call's result, which is not negative.
/// - Throws: `SystemCallError` named `call` where the result is negative.
@discardableResult
func checked<Result: SignedInteger>(
    _ call: String, path: String? = nil, _ body: () -> Result
) throws(SystemCallError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw SystemCallError(call: call, code: code, path: path) }
    }
}
