/// The groups of a file's rows of which each gives its share for validation.
///
/// A row's group is its label; of several labels, or of tags, the rarest one; of scores, the tenth of all rows that it
/// lies in by rank. Rows without an answer are one group.
struct Strata {
    /// The group of each row.
    let numbers: [Int32]
    /// The number of groups.
    let count: Int

    /// The number of groups of scores.
    private static let quantiles = 10

    init(_ file: ExampleCollector) {
        if !file.scores.isEmpty {
            numbers = Self.quantiles(of: file.scores)
            count = Self.quantiles
        } else if !file.classes.isEmpty {
            // In the order of the output, so that given and inferred labels split alike.
            let (labels, renumbering) = file.labels.ordered(isTagged: file.shape == .tagged)
            let none = Int32(labels.names.count)
            numbers = file.classes.map { $0 < 0 ? none : renumbering[Int($0)] }
            count = labels.names.count + 1
        } else {
            numbers = [Int32](repeating: 0, count: file.rows)
            count = 1
        }
    }

    private static func quantiles(of scores: [Float]) -> [Int32] {
        let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        var numbers = [Int32](repeating: 0, count: scores.count)
        for (rank, row) in order.enumerated() { numbers[row] = Int32(rank * quantiles / scores.count) }
        return numbers
    }
}
