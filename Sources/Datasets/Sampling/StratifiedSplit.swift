/// Holds a share of each label's examples back for validation.
///
/// Of a label with n examples, n × share are held back, rounded to the nearest (a half to the even number); a share
/// above 0 holds back at least one example in all, and every label keeps at least one for training. Which ones is drawn
/// from the seed, label by label in the labels' order. Both parts keep the order of the file.
enum StratifiedSplit {
    /// Splits examples, given by the number of their label.
    ///
    /// - Parameters:
    ///   - labels: each example's label, from 0 up to, not including, `labelCount`.
    ///   - share: the part to hold back, 0 to below 1.
    /// - Returns: positions in `labels`.
    static func split(
        labels: [Int32], labelCount: Int, share: Double, seed: UInt64
    ) -> (training: [Int], validation: [Int]) {
        var groups = [[Int]](repeating: [], count: labelCount)
        for (position, label) in labels.enumerated() { groups[Int(label)].append(position) }
        var sizes = groups.map { group in
            min(Int((Double(group.count) * share).rounded(.toNearestOrEven)), max(group.count - 1, 0))
        }
        if share > 0, sizes.allSatisfy({ $0 == 0 }),
            let largest = groups.indices.max(by: { (groups[$0].count, -$0) < (groups[$1].count, -$1) }),
            groups[largest].count > 1
        {
            sizes[largest] = 1
        }
        var isHeldBack = [Bool](repeating: false, count: labels.count)
        for (label, var group) in groups.enumerated() where sizes[label] > 0 {
            var generator = PhiloxGenerator(seed: seed, stream: RandomStream.split(label: label))
            generator.shuffle(&group)
            for position in group.prefix(sizes[label]) { isHeldBack[position] = true }
        }
        return (labels.indices.filter { !isHeldBack[$0] }, labels.indices.filter { isHeldBack[$0] })
    }
}
