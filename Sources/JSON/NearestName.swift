extension String {
    /// Names are compared up to this many characters, so that a hostile document costs little.
    private static let comparedCharacters = 60
    /// How many candidates are looked at.
    private static let comparedNames = 100

    /// The candidate that may have been meant: the nearest one, case aside, where at most a third of the characters
    /// differ.
    public func nearest(among candidates: some Sequence<String>) -> String? {
        let wanted = String(lowercased().prefix(Self.comparedCharacters))
        let measured = candidates.prefix(Self.comparedNames).map { candidate in
            (candidate, wanted.editDistance(to: String(candidate.lowercased().prefix(Self.comparedCharacters))))
        }
        guard let best = measured.min(by: { $0.1 < $1.1 }), best.1 <= Swift.max(2, wanted.count / 3) else { return nil }
        return best.0
    }

    /// The Levenshtein distance: insertions, deletions and substitutions that turn one string into the other.
    ///
    /// - Complexity: O(n · m)
    public func editDistance(to other: String) -> Int {
        let target = Array(other)
        var row = Array(0...target.count)
        for (i, character) in self.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in target.indices {
                let substitution = diagonal + (character == target[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(substitution, row[j] + 1, diagonal + 1)
            }
        }
        return row[target.count]
    }
}
