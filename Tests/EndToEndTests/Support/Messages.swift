/// Training data that a tiny model can learn.
enum Messages {
    private static let words = [
        "billing": ["invoice", "refund", "charged", "payment"],
        "bug": ["crash", "error", "freezes", "broken"],
        "delivery": ["parcel", "courier", "tracking", "late"],
    ]

    /// Lines of JSON, the labels in turn.
    static func lines(_ count: Int = 48) -> String {
        let labels = words.keys.sorted()
        return (0..<count).map { index in
            let label = labels[index % labels.count]
            let own = words[label] ?? []
            let (first, second) = (own[index / 3 % own.count], own[(index / 7 + 1) % own.count])
            return #"{"text": "the \#(first) and the \#(second), number \#(index)", "label": "\#(label)"}"# + "\n"
        }
        .joined()
    }
}
