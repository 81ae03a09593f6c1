internal import Foundation

/// Examples that lie in a mapped file without a name; only small arrays are in memory, 24 bytes an example.
///
/// `@unchecked Sendable`: nothing changes after `init`, and the mapping is private to this object and only read.
final class ExampleStore: @unchecked Sendable {
    /// What is known of the examples in memory.
    struct Index: Sendable {
        /// Where each example's record begins in the file.
        var offsets: [Int] = []
        /// The tokens of each example.
        var lengths: [Int32] = []
        /// The line of each example, from 1.
        var lines: [UInt32] = []
        /// The class of each example, where it has one.
        var classes: [Int32] = []
        /// The number of each example, where it has one.
        var scores: [Float] = []
        /// Whether the targets in the file are a tag a word.
        var isTagged = false

        var count: Int { offsets.count }
    }

    let index: Index
    /// The class of each number in the file; nil where they are the same.
    private let renumbering: [Int32]?
    /// The factor of the scores.
    private let scale: Float
    private let memory: UnsafeRawPointer?
    private let byteCount: Int

    /// Maps a file; its descriptor may be closed then.
    ///
    /// - Parameters:
    ///   - renumbering: the class of each number that was written.
    ///   - scale: scores are multiplied by it.
    init(
        _ index: Index, descriptor: Int32, byteCount: Int, renumbering: [Int32]? = nil, scale: Float = 1
    ) throws(DatasetError) {
        self.index = index
        self.byteCount = byteCount
        self.renumbering = renumbering
        self.scale = scale
        guard byteCount > 0 else {
            memory = nil
            return
        }
        let memory = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let memory, memory != UnsafeMutableRawPointer(bitPattern: -1) else { throw .last("map", "the examples") }
        self.memory = UnsafeRawPointer(memory)
    }

    /// No examples.
    init() {
        index = Index()
        byteCount = 0
        renumbering = nil
        scale = 1
        memory = nil
    }

    deinit {
        if let memory { munmap(UnsafeMutableRawPointer(mutating: memory), byteCount) }
    }

    private func record(_ example: Int) -> ExampleRecord.Reader {
        guard let memory else { preconditionFailure("there are no examples") }
        return ExampleRecord.Reader(memory + index.offsets[example])
    }

    private func number(_ written: Int32) -> Int32 { renumbering.map { $0[Int(written)] } ?? written }

    func sequences(of example: Int) -> [TokenSequence] {
        var sequences = record(example).sequences(isTagged: index.isTagged)
        if index.isTagged, renumbering != nil {
            for place in sequences.indices {
                sequences[place].tags = sequences[place].tags.map { $0 < 0 ? $0 : number($0) }
            }
        }
        return sequences
    }

    func label(of example: Int) -> Int32 { number(index.classes[example]) }
    func labels(of example: Int) -> [Int32] { record(example).targets.map(number).sorted() }
    func score(of example: Int) -> Float { index.scores[example] * scale }
    func snippet(of example: Int) -> String { record(example).snippet }
}
