internal import FineTuning

/// How often each length was seen; takes memory by the different lengths, not by the rows.
struct LengthCounts {
    private var counts: [Int: Int] = [:]

    mutating func add(_ length: Int) { counts[length, default: 0] += 1 }

    /// The lengths that were seen, ascending.
    private var sorted: [(length: Int, count: Int)] {
        counts.map { (length: $0.key, count: $0.value) }.sorted { $0.length < $1.length }
    }

    var longest: Int { counts.keys.max() ?? 0 }
    func count(above limit: Int) -> Int { counts.reduce(0) { $0 + ($1.key > limit ? $1.value : 0) } }

    static func + (left: LengthCounts, right: LengthCounts) -> LengthCounts {
        var sum = left
        sum.counts.merge(right.counts, uniquingKeysWith: +)
        return sum
    }

    /// A histogram; nil without rows.
    func histogram(_ unit: LengthHistogram.Unit) -> LengthHistogram? { LengthHistogram(sorted, unit: unit) }
}
