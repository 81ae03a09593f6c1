internal import Foundation

/// Full canonical decompositions of single scalars (Unicode Standard Annex 15, NFD without reordering).
enum CanonicalDecomposition {
    /// The blocks outside of which, Hangul apart, no scalar decomposes.
    private static let blocks: [ClosedRange<UInt32>] = [
        0xC0...0x33FF, 0xF900...0xFB4F, 0x10500...0x105FF, 0x11000...0x11FFF, 0x16100...0x16DFF,
        0x1D100...0x1D1FF, 0x2F800...0x2FA1F,
    ]

    /// By scalar; made once, at the first scalar outside of ASCII.
    private static let table: [UInt32: [Unicode.Scalar]] = {
        var table: [UInt32: [Unicode.Scalar]] = [:]
        for block in blocks {
            for value in block {
                // The reference's table is from before this scalar (Unicode 13).
                guard value != 0x11938, let scalar = Unicode.Scalar(value) else { continue }
                let decomposed = Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
                if decomposed != [scalar] { table[value] = decomposed }
            }
        }
        return table
    }()

    /// Every scalar that decomposes, Hangul syllables apart.
    static var all: some Sequence<(Unicode.Scalar, [Unicode.Scalar])> {
        table.lazy.compactMap { value, parts in Unicode.Scalar(value).map { ($0, parts) } }
    }

    /// The scalars that a scalar decomposes to, or nil if it is its own decomposition.
    static func of(_ scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
        let value = scalar.value
        if (0xAC00...0xD7A3).contains(value) { return hangul(value - 0xAC00) }
        return table[value]
    }

    /// The two or three jamo of a syllable (Unicode Standard, section 3.12).
    private static func hangul(_ index: UInt32) -> [Unicode.Scalar] {
        let leading = 0x1100 + index / 588
        let vowel = 0x1161 + index % 588 / 28
        let trailing = index % 28
        let jamo = trailing == 0 ? [leading, vowel] : [leading, vowel, 0x11A7 + trailing]
        return jamo.compactMap(Unicode.Scalar.init)
    }
}
