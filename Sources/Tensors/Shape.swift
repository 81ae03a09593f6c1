/// The extents of a tensor, outermost first; the last one is contiguous in memory.
public struct Shape: Sendable, Hashable, CustomStringConvertible {
    /// Extents, outermost first.
    public let extents: [Int]

    /// A shape of the given extents, each at least 0.
    public init(_ extents: [Int]) {
        precondition(extents.allSatisfy { $0 >= 0 }, "a shape has no negative extent: \(extents)")
        self.extents = extents
    }

    /// Number of elements: the product of the extents (1 for a scalar).
    public var count: Int { extents.reduce(1, *) }

    /// The last extent (1 for a scalar).
    public var columns: Int { extents.last ?? 1 }

    /// The product of all extents but the last.
    public var rows: Int { extents.dropLast().reduce(1, *) }

    /// The extents as `(32, 128, 384)`.
    public var description: String { "(" + extents.map(String.init).joined(separator: ", ") + ")" }
}

extension Shape: ExpressibleByArrayLiteral {
    /// A shape written as `[rows, columns]`.
    public init(arrayLiteral elements: Int...) { self.init(elements) }
}
