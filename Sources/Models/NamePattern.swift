/// A pattern over parameter names: `*` stands for any characters, `?` for one.
public struct NamePattern: Sendable, Hashable {
    /// The pattern as it was given.
    public let text: String
    private let pattern: [UInt8]

    /// A pattern of this text.
    public init(_ text: String) {
        self.text = text
        pattern = Array(text.utf8)
    }

    /// Whether the whole name fits.
    ///
    /// - Complexity: O(pattern · name): on a mismatch only the last `*` takes one character more.
    public func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var (p, n) = (0, 0)
        var retry: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                retry = (p + 1, n)
                p += 1
            } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let last = retry {
                retry = (last.pattern, last.name + 1)
                p = last.pattern
                n = last.name + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
