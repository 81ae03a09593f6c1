/// What makes two rows the same: their texts, without regard to the label.
struct TextKey: Hashable {
    let text: String
    let textPair: String?

    init(_ row: TextRow) {
        text = row.text
        textPair = row.textPair
    }
}
