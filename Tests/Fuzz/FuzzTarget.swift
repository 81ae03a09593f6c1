import ParserVerdicts
import SeededNumbers

/// What is fed, and what is expected of it.
protocol FuzzTarget {
    /// The next input.
    func input(_ random: inout SplitMix) -> [UInt8]

    /// Feeds an input in several ways.
    ///
    /// - Throws: ``FuzzFault`` where they differ, or where what came out cannot be.
    /// - Returns: the outcome, as the table names it.
    func feed(_ input: [UInt8], _ random: inout SplitMix) throws(FuzzFault) -> String
}

extension FuzzTarget {
    /// Up to eight places to cut at, in ascending order.
    func cuts(of count: Int, _ random: inout SplitMix) -> [Int] {
        (0..<Int.random(in: 1...8, using: &random)).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
    }
}

/// A property that did not hold.
struct FuzzFault: Error {
    let what: String
    var cuts: [Int] = []
}
