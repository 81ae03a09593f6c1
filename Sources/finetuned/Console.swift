internal import Foundation

/// Standard output and standard error, for people.
enum Console {
    /// Whether a person looks at standard error.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// The width of the terminal in characters; 80 where it is not known.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes to standard output, at once. Nobody can be told when this fails.
    static func print(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }

    /// Writes to standard error, at once. Nobody can be told when this fails.
    static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    /// Says on standard error what is wrong.
    static func complain(_ message: String) { write("finetuned: \(message)\n") }
}
