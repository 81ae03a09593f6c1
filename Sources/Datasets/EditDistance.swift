/// Finds the name that someone may have meant.
enum EditDistance {
    /// Names are compared up to this many characters, so that a hostile file costs little.
    private static let lengthLimit = 60

    /// The candidate nearest to a name, if it is near: a third of its characters differ at most.
    static func nearest(to name: String, among candidates: [String]) -> String? {
        let wanted = Array(name.lowercased().prefix(lengthLimit))
        let measured = candidates.prefix(100).map { candidate in
            (candidate, distance(wanted, Array(candidate.lowercased().prefix(lengthLimit))))
        }
        guard let best = measured.min(by: { $0.1 < $1.1 }), best.1 <= max(2, wanted.count / 3) else { return nil }
        return best.0
    }

    /// The Levenshtein distance.
    static func distance(_ source: [Character], _ target: [Character]) -> Int {
        var row = Array(0...target.count)
        for (i, character) in source.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in target.indices {
                let substitution = diagonal + (character == target[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
            }
        }
        return row[target.count]
    }
}
