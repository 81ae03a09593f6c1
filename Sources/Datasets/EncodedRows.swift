internal import Dispatch
internal import Synchronization
internal import Tokenizers

/// Rows after the tokenizer.
struct EncodedRows {
    private(set) var examples = Examples()
    /// The length of each row in tokens before it was cut.
    private(set) var lengths: [Int] = []

    /// Rows that a thread takes at once.
    private static let chunkSize = 256

    /// Tokenizes rows on several threads; the result does not depend on their number.
    ///
    /// - Parameters:
    ///   - labels: each row's class.
    ///   - maxLength: longer rows are cut to so many tokens.
    init(_ rows: [TextRow], labels: [Int32], tokenizer: Tokenizer, maxLength: Int, threads: Int) {
        let starts = Array(stride(from: 0, to: rows.count, by: Self.chunkSize))
        let chunks = Mutex([EncodedRows?](repeating: nil, count: starts.count))
        let workers = max(1, min(threads, starts.count))
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            for chunk in stride(from: worker, to: starts.count, by: workers) {
                let range = starts[chunk]..<min(starts[chunk] + Self.chunkSize, rows.count)
                let encoded = EncodedRows(rows, range, labels: labels, tokenizer: tokenizer, maxLength: maxLength)
                chunks.withLock { $0[chunk] = encoded }
            }
        }
        for case let chunk? in chunks.withLock({ $0 }) {
            examples.append(contentsOf: chunk.examples)
            lengths.append(contentsOf: chunk.lengths)
        }
    }

    private init(
        _ rows: [TextRow], _ range: Range<Int>, labels: [Int32], tokenizer: Tokenizer, maxLength: Int
    ) {
        for position in range {
            let row = rows[position]
            let encoding = tokenizer.encode(row.text, pair: row.textPair, maxLength: maxLength)
            examples.append(
                encoding.ids, typeIDs: encoding.typeIDs, label: labels[position], line: row.line)
            lengths.append(encoding.count + encoding.overflow)
        }
    }
}
