/// Texts as token numbers with what they are to teach; copies share the mapped file that they lie in.
public struct Examples: Sendable {
    private let store: ExampleStore
    /// Which of the store's examples these are; nil for all.
    private let selection: [Int32]?

    /// No examples.
    public init() { self.init(ExampleStore()) }

    init(_ store: ExampleStore) {
        self.store = store
        selection = nil
    }

    private init(_ store: ExampleStore, selection: [Int32]) {
        self.store = store
        self.selection = selection
    }

    /// The number of examples.
    public var count: Int { selection?.count ?? store.index.count }

    private func place(_ example: Int) -> Int { selection.map { Int($0[example]) } ?? example }

    /// The number of tokens of an example, of all its sequences.
    public func length(of example: Int) -> Int { Int(store.index.lengths[place(example)]) }

    /// The number of tokens of all examples.
    public var tokenCount: Int { (0..<count).reduce(0) { $0 + length(of: $1) } }

    /// The tokens of an example: one sequence, or, for embeddings, those of its anchor, its positive and, where it has
    /// one, its negative; or of both texts that have a score.
    public func sequences(of example: Int) -> [TokenSequence] { store.sequences(of: place(example)) }

    /// The tokens of an example's first sequence.
    public func sequence(of example: Int) -> TokenSequence { store.sequences(of: place(example))[0] }

    /// The class of an example.
    public func label(of example: Int) -> Int32 { store.label(of: place(example)) }

    /// The classes of an example that may have several, ascending.
    public func labels(of example: Int) -> [Int32] { store.labels(of: place(example)) }

    /// The number that is to be foretold of an example.
    public func score(of example: Int) -> Float { store.score(of: place(example)) }

    /// The line of an example in its file, from 1.
    public func line(of example: Int) -> Int { Int(store.index.lines[place(example)]) }

    /// The beginning of an example's text, at most 160 characters.
    public func snippet(of example: Int) -> String { store.snippet(of: place(example)) }

    /// Some of the examples, in the order asked for.
    public func selecting(_ examples: [Int]) -> Examples {
        Examples(store, selection: examples.map { Int32(place($0)) })
    }
}
