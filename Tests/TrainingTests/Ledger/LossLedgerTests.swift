import Foundation
import JSON
import Safetensors
import Testing
import Training

@Suite struct `The loss ledger` {
    /// Three examples over three epochs; the second has a wrong label, the third is not met in the second epoch.
    private func ledger() -> LossLedger {
        let ledger = LossLedger(exampleCount: 4, epochs: 3)
        ledger.record([1, 2], answers: [0, 1], of: [0, 1], epoch: 0)
        ledger.record([0.5], answers: [2], of: [2], epoch: 0)
        ledger.record([2.5, 0.5], answers: [0, 0], of: [1, 0], epoch: 1)
        ledger.record([0.25, 3, 0.125], answers: [0, 2, 1], of: [0, 1, 2], epoch: 2)
        return ledger
    }

    @Test func `keeps every example's loss of every epoch, and the last answer`() {
        let ledger = ledger()
        #expect(ledger.losses(of: 0) == [1, 0.5, 0.25])
        #expect(ledger.losses(of: 2) == [0.5, nil, 0.125])
        #expect(ledger.losses(of: 3) == [nil, nil, nil])
        #expect(ledger.answer(of: 1) == 2)
        #expect(ledger.answer(of: 3) == nil)
        #expect(ledger.meanLoss(of: 1) == 2.5)
    }

    @Test func `ranks the example first that stays hard to learn`() {
        #expect(SuspicionRanking.entries(ledger()).map(\.example) == [1, 0, 2])
    }

    @Test func `goes on from a checkpoint with the same bits`() throws {
        try Fixture.withDirectory { folder in
            let ledger = ledger()
            try SafetensorsWriter(ledger.entries).write(toNewFile: "\(folder)/ledger.safetensors")
            let restored = LossLedger(exampleCount: 4, epochs: 3)
            try restored.restore(from: "\(folder)/ledger.safetensors")
            for (left, right) in zip(ledger.entries, restored.entries) {
                #expect(left.values.map(\.bitPattern) == right.values.map(\.bitPattern))
            }
            let other = LossLedger(exampleCount: 5, epochs: 3)
            #expect(throws: SafetensorsError.self) { try other.restore(from: "\(folder)/ledger.safetensors") }
        }
    }

    @Test func `becomes a file with one line an example`() throws {
        try Fixture.withDirectory { folder in
            let path = "\(folder)/ledger.jsonl"
            try LedgerFile.write(ledger(), hasProbabilities: true, to: path) { example, answer in
                ExampleDescription(
                    line: example + 10, label: .string("given"), answer: JSONValue(answer) { JSONValue($0) },
                    text: "text \(example)")
            }
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 3)
            let first = try JSONValue(parsing: Array(lines[0].utf8))
            #expect(first["rank"] == 1 && first["line"] == 11 && first["label"] == "given")
            #expect(first["answer"]?.number == 2 && first["text"] == "text 1")
            #expect(first["losses"]?.array?.compactMap(\.number) == [2, 2.5, 3])
            #expect(first["mean_loss"]?.number == 2.5)
            #expect(abs((first["probabilities"]?.array?[0].number ?? 0) - exp(-2)) < 1e-7)
            let last = try JSONValue(parsing: Array(lines[2].utf8))
            #expect(last["losses"]?.array?[1] == .null && last["probabilities"]?.array?[1] == .null)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names == ["ledger.jsonl"])
        }
    }

    @Test func `leaves no file where an example cannot be described`() throws {
        try Fixture.withDirectory { folder in
            #expect(throws: SafetensorsError.self) {
                try LedgerFile.write(ledger(), hasProbabilities: false, to: "\(folder)/ledger.jsonl") { _, _ in
                    _ = try SafetensorsFile(path: "\(folder)/nothing")
                    return ExampleDescription(line: 1, text: "")
                }
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.isEmpty)
        }
    }
}
