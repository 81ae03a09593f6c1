internal import Safetensors
internal import Tensors

/// The pooler of a file whose new head has no use for it: Transformers' base class expects it, so an exported sentence
/// encoder keeps it as it was.
final class KeptPooler {
    private let slab: Slab
    private let tensors: [(name: String, shape: [Int], range: Range<Int>)]

    /// Names in a file's own form, without the family's prefix.
    private static let names = ["pooler.dense.weight", "pooler.dense.bias"]

    /// Reads what the directory has of a pooler; nothing where the head is not that of a sentence embedding.
    init(_ directory: SafetensorsDirectory, _ layout: EncoderLayout) throws {
        guard case .embedding = layout.head else {
            (slab, tensors, sources) = (Slab(count: 0), [], [])
            return
        }
        var found: [(source: String, name: String, shape: [Int], range: Range<Int>)] = []
        var offset = 0
        for name in Self.names {
            let source = [layout.configuration.family.prefix + name, name].first { directory.tensor(named: $0) != nil }
            guard let source, let info = directory.tensor(named: source) else { continue }
            found.append((source, name, info.shape, offset..<(offset + info.count)))
            offset += info.count
        }
        slab = Slab(count: offset)
        tensors = found.map { ($0.name, $0.shape, $0.range) }
        sources = found.map(\.source)
        for tensor in found {
            try directory.read(tensor.source, into: UnsafeMutableBufferPointer(rebasing: slab.elements[tensor.range]))
        }
    }

    /// Nothing.
    init() { (slab, tensors, sources) = (Slab(count: 0), [], []) }

    /// The names that the file has them under.
    let sources: [String]

    /// The tensors for an exported file; valid as long as this object.
    var entries: [SafetensorsEntry] {
        tensors.map { name, shape, range in
            SafetensorsEntry(
                name: name, shape: shape, values: UnsafeBufferPointer(rebasing: slab.elements[range]))
        }
    }
}
