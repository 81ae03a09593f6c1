internal import Foundation
internal import POSIX

/// Tells from a worker's last words that an allocation failed, as it does at the limit of its memory.
enum MemoryFailure {
    /// How the Swift runtime and our own memory for tensors end the process.
    private static let signs = ["Fatal error: failed to allocate ", "Fatal error: out of memory"]

    /// The line that says so; nil where none does, or the process did not end by it.
    static func line(in words: String, after exit: ChildProcess.Exit?) -> String? {
        guard case .signalled = exit else { return nil }
        for line in words.split(whereSeparator: \.isNewline) {
            for sign in signs {
                if let range = line.range(of: sign) { return String(line[range.lowerBound...].prefix(300)) }
            }
        }
        return nil
    }
}
