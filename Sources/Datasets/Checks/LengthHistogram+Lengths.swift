internal import FineTuning

extension LengthHistogram {
    /// The most buckets.
    private static let bucketLimit = 20

    /// A histogram with equal buckets of a round width; the last one reaches to the longest, should it be far out.
    ///
    /// - Parameter lengths: ascending, with the number of rows of each.
    init?(_ lengths: [(length: Int, count: Int)], unit: Unit) {
        guard let longest = lengths.last?.length else { return nil }
        let rows = lengths.reduce(0) { $0 + $1.count }
        var (below, common) = (0, longest + 1)
        for (length, count) in lengths {
            below += count
            if below > rows * 99 / 100 {
                common = length + 1
                break
            }
        }
        let width = Self.roundWidth(common)
        let count = min(Self.bucketLimit, (longest + width) / width)
        var counts = [Int](repeating: 0, count: count)
        for (length, rows) in lengths { counts[min(length / width, count - 1)] += rows }
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
