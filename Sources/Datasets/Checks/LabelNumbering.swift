/// Numbers labels while a file is read: those that are known, or each as it comes for the first time.
struct LabelNumbering {
    /// The labels that are known beforehand.
    let known: LabelSet?
    /// The labels in the order of their numbers.
    private(set) var names: [String]
    private var numbers: [String: Int32] = [:]
    /// Rows that have each label, or words that have each tag.
    private(set) var counts: [Int]
    /// Whether there were more labels than a task may have; the ones beyond have no number.
    private(set) var isOverfull = false

    /// - Parameter known: nil numbers the labels as they come.
    init(known: LabelSet?) {
        self.known = known
        names = known?.names ?? []
        counts = [Int](repeating: 0, count: names.count)
    }

    /// The number of a label, or nil where it has none.
    mutating func number(of label: String) -> Int32? {
        if let known { return known.number(of: label) }
        if let number = numbers[label] { return number }
        guard names.count < LabelSet.limit else {
            isOverfull = true
            return nil
        }
        let number = Int32(names.count)
        numbers[label] = number
        names.append(label)
        counts.append(0)
        return number
    }

    /// Counts one more of a label.
    mutating func count(_ number: Int32) { counts[Int(number)] += 1 }

    /// The labels in the order of the output, and for each number its place there.
    func ordered(isTagged: Bool) -> (labels: LabelSet, renumbering: [Int32]) {
        if let known { return (known, names.indices.map { Int32($0) }) }
        let labels = LabelSet(isTagged ? LabelSet.sortedTags(names) : LabelSet.sorted(names), isGiven: false)
        return (labels, names.map { labels.number(of: $0) ?? 0 })
    }
}
