/// The greatest of many values.
enum GreatestValues {
    /// The places of the greatest values, greatest first; of equal ones the first. Values that are no numbers come last.
    ///
    /// - Complexity: O(N · limit) at worst.
    static func places(_ values: [Float], limit: Int) -> [Int] {
        var kept: [Int] = []
        for (place, value) in values.enumerated() {
            if kept.count == limit, !(value > values[kept[limit - 1]]) { continue }
            let position = kept.firstIndex { value > values[$0] } ?? kept.count
            kept.insert(place, at: position)
            if kept.count > limit { kept.removeLast() }
        }
        return kept
    }
}
