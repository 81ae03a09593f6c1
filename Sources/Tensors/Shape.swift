/// The extents of a tensor, outermost first; the last one is contiguous in memory.
///
/// At most four, held in place: a shape is made for every activation of every step and must not ask for memory.
public struct Shape: Sendable, Hashable, CustomStringConvertible {
    /// Number of extents.
    public let rank: Int
    private let first: Int
    private let second: Int
    private let third: Int
    private let fourth: Int

    /// A shape of the given extents, at most four and each at least 0.
    public init(_ extents: [Int]) {
        precondition(extents.count <= 4, "a shape has at most four extents: \(extents)")
        func extent(_ index: Int) -> Int { index < extents.count ? extents[index] : 1 }
        self.init(rank: extents.count, extent(0), extent(1), extent(2), extent(3))
    }

    /// A vector of `count` numbers.
    public init(_ count: Int) { self.init(rank: 1, count, 1, 1, 1) }

    /// A matrix.
    public init(_ rows: Int, _ columns: Int) { self.init(rank: 2, rows, columns, 1, 1) }

    /// `count` matrices.
    public init(_ count: Int, _ rows: Int, _ columns: Int) { self.init(rank: 3, count, rows, columns, 1) }

    private init(rank: Int, _ first: Int, _ second: Int, _ third: Int, _ fourth: Int) {
        precondition(
            first >= 0 && second >= 0 && third >= 0 && fourth >= 0,
            "a shape has no negative extent: \(first), \(second), \(third), \(fourth)")
        self.rank = rank
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// Extents, outermost first.
    public var extents: [Int] { Array([first, second, third, fourth].prefix(rank)) }

    /// Number of elements: the product of the extents (1 for a scalar).
    public var count: Int { first * second * third * fourth }

    /// The first extent (1 for a scalar).
    public var outermost: Int { first }

    /// The last extent (1 for a scalar).
    public var columns: Int {
        switch rank {
        case 0, 1: first
        case 2: second
        case 3: third
        default: fourth
        }
    }

    /// The product of all extents but the last.
    public var rows: Int {
        switch rank {
        case 0, 1: 1
        case 2: first
        case 3: first * second
        default: first * second * third
        }
    }

    /// The extents as `(32, 128, 384)`.
    public var description: String { "(" + extents.map(String.init).joined(separator: ", ") + ")" }
}

extension Shape: ExpressibleByArrayLiteral {
    /// A shape written as `[rows, columns]`.
    public init(arrayLiteral elements: Int...) { self.init(elements) }
}
