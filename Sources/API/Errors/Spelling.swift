/// Finds what a misspelt name was meant to be.
enum Spelling {
    /// The candidate with the fewest insertions, deletions and substitutions (Levenshtein) between; nil where none is
    /// near. Case and what stands before the last slash count little.
    static func nearest(to name: String, in candidates: [String]) -> String? {
        let asked = simplified(name)
        let measured = candidates.map { (candidate: $0, distance: distance(asked, simplified($0))) }
        guard let best = measured.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, asked.count / 3) ? best.candidate : nil
    }

    private static func simplified(_ name: String) -> [Character] {
        Array((name.split(separator: "/").last ?? "").lowercased().prefix(100))
    }

    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let substitution = diagonal + (character == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
