/// Comparison of entity tags (RFC 9110 §8.8.3).
enum EntityTag {
    /// Whether the values of If-Match or If-None-Match name a tag.
    ///
    /// - Parameters:
    ///   - tag: of the content, with its quotes; nil where it has none.
    ///   - weakly: whether `W/"x"` is the same as `"x"`.
    static func list(_ values: [String], contains tag: String?, weakly: Bool) -> Bool {
        for value in values {
            for candidate in value.split(separator: ",") {
                var candidate = candidate.drop { $0 == " " || $0 == "\t" }
                while let last = candidate.last, last == " " || last == "\t" { candidate.removeLast() }
                if candidate == "*" { return true }
                if weakly, candidate.hasPrefix("W/") { candidate = candidate.dropFirst(2) }
                if let tag, candidate == tag { return true }
            }
        }
        return false
    }
}
