internal import FineTuning

/// Looks at the tags of sentences: the entities that they mark, and whether they follow on one another.
struct TagChecks {
    /// Entities by type.
    private(set) var entities: [String: Int] = [:]
    private var stray = 0
    private var firstStray: (line: Int, word: Int, tag: String, before: String)?

    /// Checks the tags of a sentence.
    mutating func check(_ tags: [String], line: Int) {
        var before: Tag?
        var isStray = false
        for (place, text) in tags.enumerated() {
            let tag = Tag(text)
            defer { before = tag }
            guard tag.position != nil else { continue }
            let goesOn = before.map { $0.isOpen && $0.type == tag.type } ?? false
            if tag.continues, goesOn { continue }
            entities[tag.type, default: 0] += 1
            guard tag.continues else { continue }
            isStray = true
            if firstStray == nil { firstStray = (line, place + 1, text, place > 0 ? tags[place - 1] : "") }
        }
        if isStray { stray += 1 }
    }

    /// The findings about the whole file.
    func findings(field: String) -> [Finding] {
        guard let first = firstStray else { return [] }
        let before = first.before.isEmpty ? "at the start" : "behind \"\(first.before.prefix(60))\""
        return [
            Finding(
                .warning, line: first.line, field: field,
                reason:
                    "\(stray) sentence\(stray == 1 ? " has" : "s have") a tag that goes on with an entity that does "
                    + "not stand before it; the first is \"\(first.tag.prefix(60))\" of word \(first.word) \(before)",
                fix: "begin each entity with its B- tag; as it is, an entity is taken to begin there")
        ]
    }
}
