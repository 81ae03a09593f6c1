public import FineTuning
internal import JSON
internal import POSIX

/// `ledger.jsonl`: a line for each training line, the most suspicious first.
public struct LedgerFile: Sendable {
    /// Some of its lines, and how many it has.
    public struct Page: Sendable {
        /// The lines in order.
        public var entries: [LedgerEntry] = []
        /// The lines of the whole file.
        public var total = 0
    }

    /// Where it lies.
    public let path: String

    /// Bytes that are read at once.
    private static let blockBytes = 1 << 20

    /// The ledger at a path.
    public init(path: String) { self.path = path }

    /// The lines behind a rank.
    ///
    /// - Parameters:
    ///   - rank: of the last line of the page before; 0 begins.
    ///   - limit: how many lines at most.
    /// - Throws: ``RunDirectoryError`` where the file cannot be read, or a line is no entry.
    /// - Complexity: O(size of the file): lines are counted.
    public func page(after rank: Int, limit: Int) throws(RunDirectoryError) -> Page {
        var page = Page()
        for line in try lines(from: rank, limit: limit, total: &page.total) {
            do {
                page.entries.append(try LedgerEntry(JSONCursor(JSONValue(parsing: line))))
            } catch {
                throw RunDirectoryError(path: path, reason: "not an entry of a ledger: \(error)")
            }
        }
        return page
    }

    /// The lines from a number on, and how many there are in all.
    private func lines(from first: Int, limit: Int, total: inout Int) throws(RunDirectoryError) -> [[UInt8]] {
        do throws(SystemCallError) {
            let file = try FileDescriptor.open(path)
            var (lines, line, offset): ([[UInt8]], [UInt8], Int) = ([], [], 0)
            while true {
                let block = try file.read(at: offset, upTo: Self.blockBytes)
                if block.isEmpty { return lines }
                offset += block.count
                var rest = block[...]
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    if total >= first, lines.count < limit { lines.append(line + rest[..<end]) }
                    line.removeAll(keepingCapacity: true)
                    rest = rest[(end + 1)...]
                    total += 1
                }
                if total >= first, lines.count < limit { line += rest }
            }
        } catch {
            throw RunDirectoryError(path: path, reason: error.reason)
        }
    }
}
