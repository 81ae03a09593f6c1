internal import FineTuning

extension LengthHistogram {
    /// The most buckets.
    private static let bucketLimit = 20

    /// A histogram with equal buckets of a round width; the last one reaches to the longest, should it be far out.
    init?(_ lengths: [Int], unit: Unit) {
        guard let longest = lengths.max() else { return nil }
        let sorted = lengths.sorted()
        let common = sorted[sorted.count * 99 / 100] + 1
        let width = Self.roundWidth(common)
        let count = min(Self.bucketLimit, (longest + width) / width)
        var counts = [Int](repeating: 0, count: count)
        for length in lengths { counts[min(length / width, count - 1)] += 1 }
        var edges = (0..<count).map { $0 * width }
        edges.append(max(count * width, longest + 1))
        self.init(unit: unit, edges: edges, counts: counts)
    }

    /// The least of 1, 2, 5, 10, 20, 50 … that covers a range in ``bucketLimit`` buckets.
    private static func roundWidth(_ range: Int) -> Int {
        var scale = 1
        while true {
            for factor in [1, 2, 5] where factor * scale * bucketLimit >= range { return factor * scale }
            scale *= 10
        }
    }
}
