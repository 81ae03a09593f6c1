import Arguments
import Foundation
import ParserVerdicts
import SeededNumbers

/// Many inputs in a row, and the table of what became of them.
struct FuzzRun {
    static let options = [
        Option("inputs", "N", "how many, 100,000 without it"),
        Option("seed", "S", "of the random numbers, 1 without it"),
        Option("from", "I", "the number of the first input, 0 without it: to repeat one that failed"),
    ]

    /// Memory that the parsers may come to hold while they go on, in MiB.
    private static let allowedGrowth = 16.0

    private let first: Int
    private let inputs: Int
    private let seed: Int

    init(_ arguments: ParsedArguments) throws(UsageError) {
        inputs = try arguments.integer("inputs", in: 1...1_000_000_000) ?? 100_000
        seed = try arguments.integer("seed", in: 0...Int.max) ?? 1
        first = try arguments.integer("from", in: 0...Int.max) ?? 0
    }

    /// Feeds all inputs; ends the program with 1 where one shows a fault.
    func run(_ name: String, _ target: some FuzzTarget) throws {
        var outcomes: [String: Int] = [:]
        var slowest = Duration.zero
        var memoryBefore = 0.0
        let clock = ContinuousClock()
        let start = clock.now
        for index in first..<first + inputs {
            // Each input is a function of the seed and its number alone.
            var random = SplitMix(seed: UInt64(seed) &* 0x9E37_79B9_97F4_A7C1 ^ UInt64(index) &* 0xD6E8_FEB8_6659_FD93)
            let input = target.input(&random)
            let begin = clock.now
            do throws(FuzzFault) {
                outcomes[try target.feed(input, &random), default: 0] += 1
            } catch {
                let cuts = error.cuts.count == input.count ? "byte by byte" : "cut at \(error.cuts)"
                print("input \(index) of seed \(seed), \(cuts): \(error.what)")
                print(String(decoding: input, as: UTF8.self).debugDescription)
                exit(1)
            }
            slowest = max(slowest, clock.now - begin)
            if index - first == inputs / 10 { memoryBefore = try Self.residentMemory() }
        }
        let growth = try Self.residentMemory() - memoryBefore
        report(name, outcomes, time: clock.now - start, slowest: slowest, growth: growth)
        guard growth < Self.allowedGrowth else {
            print("memory grew by \(growth) MiB, more than \(Self.allowedGrowth)")
            exit(1)
        }
    }

    private func report(
        _ name: String, _ outcomes: [String: Int], time: Duration, slowest: Duration, growth: Double
    ) {
        let seconds = time / .seconds(1)
        func row(_ label: String, _ value: String) {
            print("  " + label.padding(toLength: 44, withPad: " ", startingAt: 0) + value)
        }
        print("\(name), seed \(seed)")
        row("inputs, each fed in three ways", "\(inputs)")
        for (outcome, count) in outcomes.sorted(by: { $0.value > $1.value }) {
            row(outcome, "\(count)".padding(toLength: 10, withPad: " ", startingAt: 0) + Self.share(count, of: inputs))
        }
        row("different verdicts, broken limits", "0")
        row("slowest input", String(format: "%.1f ms", slowest / .milliseconds(1)))
        row("growth of memory", String(format: "%.1f MiB", max(0, growth)))
        row("rate", String(format: "%.0f inputs/s, %.1f s", Double(inputs) / seconds, seconds))
    }

    private static func share(_ count: Int, of all: Int) -> String {
        String(format: "%.2f %%", 100 * Double(count) / Double(all))
    }

    /// Physical memory of this process, in MiB (proc(5), `statm`).
    private static func residentMemory() throws -> Double {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return Double(text.split(separator: " ")[1]).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576 } ?? 0
    }
}
