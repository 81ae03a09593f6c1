internal import FineTuning
internal import Foundation
internal import JSON
internal import POSIX

/// `ledger.jsonl`: a ``LossLedger`` for people, one training example a line, the most suspicious first.
public enum LedgerFile {
    /// Bytes that are gathered before they are written.
    private static let chunk = 1 << 20

    /// Writes the file, durably; examples that were never met are left out.
    ///
    /// - Parameters:
    ///   - hasProbabilities: whether losses are negative logarithms of the given label's probability.
    ///   - describe: an example of the training data with the model's last answer to it.
    ///   - path: of the file, which is replaced.
    /// - Throws: `SystemCallError`, or what `describe` throws; no file is left then.
    /// - Complexity: O(N log N + bytes), with one row at a time in memory.
    public static func write(
        _ ledger: LossLedger, hasProbabilities: Bool, to path: String,
        describe: (_ example: Int, _ answer: Float?) throws -> ExampleDescription
    ) throws {
        let temporary = "\(path).tmp"
        let file = try FileDescriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        do {
            var bytes: [UInt8] = []
            for (place, entry) in SuspicionRanking.entries(ledger).enumerated() {
                let description = try describe(entry.example, ledger.answer(of: entry.example))
                let losses = ledger.losses(of: entry.example)
                let row = LedgerEntry(
                    rank: place + 1, line: description.line, label: description.label, answer: description.answer,
                    score: short(entry.score), meanLoss: short(ledger.meanLoss(of: entry.example) ?? 0),
                    losses: losses.map { $0.map { short(Double($0)) } },
                    probabilities: hasProbabilities ? losses.map { $0.map { short(exp(-Double($0))) } } : nil,
                    text: description.text)
                bytes.append(contentsOf: row.json.text.utf8)
                bytes.append(UInt8(ascii: "\n"))
                if bytes.count >= chunk {
                    try file.write(all: bytes)
                    bytes.removeAll(keepingCapacity: true)
                }
            }
            try file.write(all: bytes)
            try file.synchronize()
            try DurableFile.rename(from: temporary, to: path)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// The shortest decimal number that is the same as a `Float`.
    private static func short(_ value: Double) -> Double { Double("\(Float(value))") ?? value }
}
