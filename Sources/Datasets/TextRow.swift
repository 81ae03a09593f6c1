/// A good row of a text classification file.
struct TextRow: Sendable, Hashable {
    /// The line on which it begins, from 1.
    let line: Int
    let text: String
    /// The second text of a pair.
    let textPair: String?
    let label: String
}
