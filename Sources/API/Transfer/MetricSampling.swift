import FineTuning

/// Thins a curve out for a chart without losing its peaks.
enum MetricSampling {
    /// At most `limit` points: the steps are cut into equal stretches and of each the lowest and the highest loss are
    /// kept, so that a spike of one step among 100,000 still shows. The first and the last point always stay.
    ///
    /// - Complexity: O(points).
    static func thin(_ points: [MetricPoint], to limit: Int) -> [MetricPoint] {
        guard points.count > limit, let first = points.first, let last = points.last else { return points }
        guard limit >= 4 else { return limit <= 1 ? [last] : [first, last] }
        let inner = points.dropFirst().dropLast()
        let stretches = (limit - 2) / 2
        var kept = [first]
        for stretch in 0..<stretches {
            let start = inner.startIndex + inner.count * stretch / stretches
            let end = inner.startIndex + inner.count * (stretch + 1) / stretches
            guard start < end else { continue }
            var (lowest, highest) = (start, start)
            for index in start..<end {
                if points[index].trainLoss < points[lowest].trainLoss { lowest = index }
                if points[index].trainLoss > points[highest].trainLoss { highest = index }
            }
            kept.append(points[min(lowest, highest)])
            if lowest != highest { kept.append(points[max(lowest, highest)]) }
        }
        return kept + [last]
    }
}
