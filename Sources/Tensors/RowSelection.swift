/// Some tokens of a ``PackedBatch``, in rising order.
public struct RowSelection: Sendable, Hashable {
    /// Their rows, (R).
    public let rows: [Int32]
    /// Where the rows of each sequence start among them, and at the end R: (B + 1).
    public let offsets: [Int32]

    /// The first token of each sequence.
    ///
    /// - Parameter sequences: where each sequence starts, and at the end the number of tokens: (B + 1).
    init(firstOf sequences: [Int32]) {
        rows = Array(sequences.dropLast())
        offsets = Array(0...Int32(rows.count))
    }

    /// Chosen tokens.
    ///
    /// - Parameters:
    ///   - rows: rising, each within the batch.
    ///   - sequences: where each sequence starts, and at the end the number of tokens: (B + 1).
    public init(_ rows: [Int32], of sequences: [Int32]) {
        var offsets: [Int32] = [0]
        var next = 0
        for end in sequences.dropFirst() {
            while next < rows.count, rows[next] < end { next += 1 }
            offsets.append(Int32(next))
        }
        self.rows = rows
        self.offsets = offsets
    }
}
