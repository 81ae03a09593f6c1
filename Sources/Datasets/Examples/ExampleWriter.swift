internal import Foundation

/// Writes examples to a file without a name, one after another, in little memory.
public struct ExampleWriter: ~Copyable {
    private let directory: String
    private let descriptor: Int32
    private var index = ExampleStore.Index()
    private var buffer: [UInt8] = []
    private var written = 0

    /// The buffer is written when it is longer than this.
    private static let bufferSize = 1 << 20
    /// The most characters of a text that are kept to show it to people.
    static let snippetLength = 160

    /// Makes the file.
    ///
    /// - Parameter directory: where; nil takes the system's directory for temporary files.
    /// - Throws: where that is not possible.
    public init(directory: String? = nil) throws(DatasetError) {
        self.directory = directory ?? FileManager.default.temporaryDirectory.path
        var path = Array("\(self.directory)/examples-XXXXXX".utf8CString)
        descriptor = path.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
        guard descriptor >= 0 else { throw .last("make a file in", self.directory) }
        // It goes with the process, however that ends.
        _ = path.withUnsafeBufferPointer { unlink($0.baseAddress!) }
    }

    deinit { close(descriptor) }

    /// The number of examples so far.
    public var count: Int { index.count }

    /// Appends an example.
    ///
    /// - Parameters:
    ///   - sequences: its tokens: one, or several that are read each alone.
    ///   - line: its line in the file, from 1.
    ///   - snippet: the beginning of its text; longer ones are cut.
    /// - Throws: where the file cannot be written.
    public mutating func append(
        _ sequences: [TokenSequence], target: ExampleTarget, line: Int, snippet: String = ""
    ) throws(DatasetError) {
        var targets: [Int32] = []
        switch target {
        case .none: break
        case .label(let label): index.classes.append(label)
        case .labels(let labels): targets = labels
        case .score(let score): index.scores.append(score)
        case .tags(let tags):
            targets = tags
            index.isTagged = true
        }
        index.offsets.append(written + buffer.count)
        index.lengths.append(sequences.reduce(0) { $0 + Int32($1.count) })
        index.lines.append(UInt32(clamping: line))
        let text = snippet.prefix(Self.snippetLength)
        ExampleRecord.append(sequences, targets: targets, snippet: text.utf8, to: &buffer)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    private mutating func flush() throws(DatasetError) {
        var start = 0
        while start < buffer.count {
            let count = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress! + start, $0.count - start) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .last("write the examples to", directory)
            }
            start += count
        }
        written += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// The classes of the examples so far, of those that have one.
    var classes: [Int32] { index.classes }
    /// The numbers of the examples so far, of those that have one.
    var scores: [Float] { index.scores }
    /// The lines of the examples so far.
    var lines: [UInt32] { index.lines }

    /// The examples.
    ///
    /// - Throws: where the file cannot be written or mapped.
    public consuming func finish() throws(DatasetError) -> Examples { try finish(renumbering: nil, scale: 1) }

    /// The examples, with their classes renumbered and their scores scaled.
    consuming func finish(renumbering: [Int32]?, scale: Float) throws(DatasetError) -> Examples {
        try flush()
        return Examples(
            try ExampleStore(index, descriptor: descriptor, byteCount: written, renumbering: renumbering, scale: scale))
    }
}
