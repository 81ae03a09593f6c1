/// A part of a list.
public struct Page<Element: Sendable>: Sendable {
    /// The elements in the order of the list.
    public let elements: [Element]
    /// Whether more follow.
    public let hasMore: Bool

    /// Takes one element more than the limit as the sign that more follow.
    init(_ elements: [Element], limit: Int) {
        self.elements = Array(elements.prefix(limit))
        hasMore = elements.count > limit
    }
}
