internal import FineTuning
internal import Foundation

extension ScoreHistogram {
    /// The most buckets.
    private static let bucketLimit = 20

    /// A histogram with equal buckets whose edges are round numbers; nil without scores.
    init?(_ scores: [Float]) {
        guard let least = scores.min().map(Double.init), let most = scores.max().map(Double.init) else { return nil }
        let width = Self.roundWidth(most - least)
        let start = (least / width).rounded(.down)
        let count = max(1, Int((most / width).rounded(.up) - start))
        var counts = [Int](repeating: 0, count: count)
        for score in scores {
            counts[min(count - 1, max(0, Int((Double(score) / width).rounded(.down) - start)))] += 1
        }
        // Whole numbers times a power of ten, divided where the power is negative, have the shortest digits.
        let scale = width < 1 ? (1 / width).rounded() : 0
        let edges = (0...count).map { scale > 0 ? (start + Double($0)) / scale : (start + Double($0)) * width }
        self.init(edges: edges, counts: counts)
    }

    /// The least of …, 0.1, 0.2, 0.5, 1, 2, 5, … that covers a range in ``bucketLimit`` buckets, whatever their start.
    private static func roundWidth(_ range: Double) -> Double {
        guard range > 0 else { return 1 }
        var scale = pow(10, log10(range / Double(bucketLimit)).rounded(.down) - 1)
        while true {
            for factor in [1.0, 2, 5] where factor * scale * Double(bucketLimit - 1) >= range { return factor * scale }
            scale *= 10
        }
    }
}
