/// Thins a curve out for a chart: of each stretch of neighbouring points the lowest and the highest stay, so that no
/// spike is lost; the first and the last point stay too.
enum MetricThinning {
    /// The positions of the points to keep, rising.
    ///
    /// - Parameter limit: how many at most, no less than 4.
    /// - Complexity: O(count)
    static func positions(_ values: [Double], limit: Int) -> [Int] {
        let limit = max(4, limit)
        guard values.count > limit else { return Array(values.indices) }
        let inner = 1..<(values.count - 1)
        let stretches = (limit - 2) / 2
        var kept = [0]
        for stretch in 0..<stretches {
            let start = inner.lowerBound + inner.count * stretch / stretches
            let end = inner.lowerBound + inner.count * (stretch + 1) / stretches
            var (lowest, highest) = (start, start)
            for position in start..<end {
                if values[position] < values[lowest] { lowest = position }
                if values[position] > values[highest] { highest = position }
            }
            kept += lowest == highest ? [lowest] : [min(lowest, highest), max(lowest, highest)]
        }
        return kept + [values.count - 1]
    }
}
