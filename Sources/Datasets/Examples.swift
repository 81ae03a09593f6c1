/// Labelled texts as token numbers, laid end to end in one array.
public struct Examples: Sendable, Hashable {
    /// The token numbers of all examples, (T).
    public internal(set) var tokenIDs: [Int32] = []
    /// The segment of each token, (T): 0, or 1 for the second text of a pair.
    public internal(set) var typeIDs: [Int32] = []
    /// Where each example begins, and at the end T: (N + 1).
    public internal(set) var offsets: [Int] = [0]
    /// The class of each example, (N): its place in the labels.
    public internal(set) var labels: [Int32] = []
    /// The line of each example in its file, (N), from 1.
    public internal(set) var lines: [Int] = []

    /// No examples.
    public init() {}

    /// The number of examples, N.
    public var count: Int { labels.count }

    /// The number of tokens of all examples, T.
    public var tokenCount: Int { tokenIDs.count }

    /// The number of tokens of an example.
    public func length(of example: Int) -> Int { offsets[example + 1] - offsets[example] }

    /// The token numbers of an example.
    public func tokenIDs(of example: Int) -> ArraySlice<Int32> { tokenIDs[offsets[example]..<offsets[example + 1]] }

    /// The segments of an example's tokens.
    public func typeIDs(of example: Int) -> ArraySlice<Int32> { typeIDs[offsets[example]..<offsets[example + 1]] }

    /// Appends an example.
    public mutating func append(_ ids: [Int32], typeIDs types: [Int32], label: Int32, line: Int) {
        tokenIDs.append(contentsOf: ids)
        typeIDs.append(contentsOf: types)
        offsets.append(tokenIDs.count)
        labels.append(label)
        lines.append(line)
    }

    mutating func append(contentsOf other: Examples) {
        let start = tokenIDs.count
        tokenIDs.append(contentsOf: other.tokenIDs)
        typeIDs.append(contentsOf: other.typeIDs)
        offsets.append(contentsOf: other.offsets.dropFirst().map { $0 + start })
        labels.append(contentsOf: other.labels)
        lines.append(contentsOf: other.lines)
    }

    /// Some of the examples, in the order asked for.
    func selecting(_ positions: [Int]) -> Examples {
        var selected = Examples()
        for position in positions {
            selected.append(
                Array(tokenIDs(of: position)), typeIDs: Array(typeIDs(of: position)), label: labels[position],
                line: lines[position])
        }
        return selected
    }
}
