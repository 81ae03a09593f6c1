/// SentencePiece's compiled normalization rules: a double array of byte sequences, and the texts that replace them.
///
/// Source: `normalizer.cc` of SentencePiece (`precompiled_charsmap`); darts-clone's double array; `Precompiled` of the
/// Python package `tokenizers`, which replaces whole grapheme clusters by what their shortest prefix is mapped to.
struct Precompiled: Sendable {
    private let units: [UInt32]
    private let replacements: [UInt8]

    /// No rule's replacement is longer, in bytes.
    private static let replacementLimit = 128
    /// The reference looks up grapheme clusters of fewer bytes as wholes.
    private static let wholeClusterLimit = 6

    /// Decodes a `precompiled_charsmap`: the array's size in bytes (little endian, 32 bits), the array, the
    /// replacements with NUL behind each. Nil if it is cut off.
    init?(blob: [UInt8]) {
        guard blob.count >= 4 else { return nil }
        func word(at position: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(blob[position + $1]) << UInt32(8 * $1) }
        }
        let size = Int(word(at: 0))
        guard size >= 4, size % 4 == 0, size <= blob.count - 4 else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map(word)
        replacements = Array(blob[(4 + size)...])
    }

    /// Replaces what the rules name.
    func apply(to text: inout NormalizedText) {
        var edits: [ScalarEdit] = []
        var isChanged = false
        for cluster in String(decoding: text.bytes, as: UTF8.self) {
            let bytes = Array(cluster.utf8)
            if bytes.count < Self.wholeClusterLimit, let replacement = replacement(of: bytes) {
                isChanged = true
                Self.replace(cluster.unicodeScalars.count, by: replacement, in: &edits)
                continue
            }
            for scalar in cluster.unicodeScalars {
                if let replacement = replacement(of: Array(UTF8.encode(scalar)!)) {
                    isChanged = true
                    Self.replace(1, by: replacement, in: &edits)
                } else {
                    edits.append(ScalarEdit(scalar: scalar, change: 0))
                }
            }
        }
        if isChanged { text.apply(edits) }
    }

    private static func replace(_ oldCount: Int, by replacement: String, in edits: inout [ScalarEdit]) {
        let before = edits.count
        for scalar in replacement.unicodeScalars { edits.append(ScalarEdit(scalar: scalar, change: 0)) }
        let added = edits.count - before - oldCount
        if added > 0 {
            for index in (edits.count - added)..<edits.count { edits[index].change = 1 }
        } else if added < 0, !edits.isEmpty {
            edits[edits.count - 1].change += added
        }
    }

    /// What the shortest prefix of a byte sequence that has a rule is replaced by, or nil.
    private func replacement(of key: [UInt8]) -> String? {
        guard let root = units.first else { return nil }
        var position = Self.offset(root)
        for byte in key {
            if byte == 0 { return nil }
            position ^= Int(byte)
            guard position < units.count else { return nil }
            let unit = units[position]
            guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
            position ^= Self.offset(unit)
            guard position < units.count else { return nil }
            if unit >> 8 & 1 == 1 { return text(at: Int(units[position] & 0x7FFF_FFFF)) }
        }
        return nil
    }

    private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 1 << 9) >> 6) }

    private func text(at start: Int) -> String? {
        guard start < replacements.count else { return nil }
        let text = replacements[start...].prefix(Self.replacementLimit).prefix { $0 != 0 }
        return String(validating: text, as: UTF8.self)
    }
}
