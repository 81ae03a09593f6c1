internal import FineTuning

/// The examples with the greatest losses.
enum WorstExamples {
    /// How many an evaluation tells.
    static let limit = 20

    /// The places of the greatest losses, greatest first; of equal ones the first. Losses that are not numbers come last.
    ///
    /// - Complexity: O(N · limit) at worst.
    static func places(_ losses: [Float]) -> [Int] {
        var kept: [Int] = []
        for (place, loss) in losses.enumerated() {
            if kept.count == limit, !(loss > losses[kept[limit - 1]]) { continue }
            let position = kept.firstIndex { loss > losses[$0] } ?? kept.count
            kept.insert(place, at: position)
            if kept.count > limit { kept.removeLast() }
        }
        return kept
    }
}
