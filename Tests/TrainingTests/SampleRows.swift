/// Training files for tests.
enum SampleRows {
    /// Rows of three labels, each with a word of its own.
    static func text(_ count: Int) -> String {
        let kinds = [("refund", "billing"), ("error", "bug"), ("password", "account")]
        let places = ["page", "invoice", "phone", "editor", "team"]
        return (0..<count).map { index in
            let (word, label) = kinds[index % 3]
            let tail = String(repeating: " please look", count: index % 4)
            return
                "{\"text\": \"my \(word) on the \(places[index * 7 % 5]) number \(index)\(tail)\", \"label\": \"\(label)\"}\n"
        }.joined()
    }
}
