/// A tag of a word, as `B-PER` or `O`, or one that marks no position, as `NOUN`.
struct Tag: Hashable {
    /// `B`, `I`, `E`, `S`, or `L` and `U` in their place; nil for `O` and tags without positions.
    let position: Character?
    /// The kind of entity; the whole tag where it marks no position.
    let type: String

    init(_ text: String) {
        if let first = text.first, "BIESLU".contains(first), text.dropFirst().first == "-", text.utf8.count > 2 {
            position = first
            type = String(text.dropFirst(2))
        } else {
            position = nil
            type = text
        }
    }

    /// Whether an entity goes on with this tag.
    var continues: Bool { position == "I" || position == "E" || position == "L" }

    /// Whether an entity of this tag may go on with the next word's tag.
    var isOpen: Bool { position == "B" || position == "I" }
}
