/// The four normalization forms of Unicode Standard Annex 15, with the reference's tables of Unicode 11.
enum UnicodeForm: String, Sendable {
    case decomposed = "NFD"
    case composed = "NFC"
    case compatiblyDecomposed = "NFKD"
    case compatiblyComposed = "NFKC"

    /// Brings a text into the form.
    func apply(to text: inout NormalizedText) {
        if isCertain(text.bytes) { return }
        var edits = decomposition(of: text.bytes)
        Self.sortMarks(&edits)
        if self == .composed || self == .compatiblyComposed { edits = CanonicalComposition.composed(edits) }
        text.apply(edits)
    }

    private var isCompatible: Bool { self == .compatiblyDecomposed || self == .compatiblyComposed }

    /// Whether no scalar is in reach of the form's tables.
    private func isCertain(_ bytes: [UInt8]) -> Bool {
        // Below U+0300 nothing composes with what stands before it.
        let limit: UInt8 = self == .composed ? 0xCC : isCompatible ? 0xC2 : 0xC3
        return bytes.allSatisfy { $0 < limit }
    }

    private func decomposition(of bytes: [UInt8]) -> [ScalarEdit] {
        var edits: [ScalarEdit] = []
        edits.reserveCapacity(bytes.count)
        bytes.withUnsafeBufferPointer { bytes in
            var position = 0
            while position < bytes.count {
                let (scalar, size) = UTF8Reader.scalar(in: bytes, at: position)
                position += size
                let parts =
                    scalar.value < 0x80
                    ? nil
                    : isCompatible ? CompatibilityDecomposition.of(scalar) : CanonicalDecomposition.of(scalar)
                guard let parts else {
                    edits.append(ScalarEdit(scalar: scalar, change: 0))
                    continue
                }
                for (index, part) in parts.enumerated() {
                    edits.append(ScalarEdit(scalar: part, change: index == 0 ? 0 : 1))
                }
            }
        }
        return edits
    }

    /// Sorts each run of marks by combining class (Unicode Standard, section 3.11).
    private static func sortMarks(_ edits: inout [ScalarEdit]) {
        var start = 0
        while start < edits.count {
            guard CombiningClass.of(edits[start].scalar) != 0 else {
                start += 1
                continue
            }
            var end = start + 1
            while end < edits.count, CombiningClass.of(edits[end].scalar) != 0 { end += 1 }
            if end - start > 1 {
                let run = edits[start..<end].enumerated().map { (CombiningClass.of($1.scalar), $0, $1) }
                let sorted = run.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
                edits.replaceSubrange(start..<end, with: sorted.map(\.2))
            }
            start = end
        }
    }
}
