internal import Foundation

/// Full compatibility decompositions of single scalars (Unicode Standard Annex 15, NFKD without reordering).
enum CompatibilityDecomposition {
    /// The blocks outside of which no scalar decomposes otherwise than canonically.
    private static let blocks: [ClosedRange<UInt32>] = [
        0xA0...0x33FF, 0xA69C...0xA69D, 0xA770...0xA7FF, 0xAB5C...0xAB6F, 0xF900...0xFFFF, 0x1D400...0x1D7FF,
        0x1EE00...0x1EEFF, 0x1F100...0x1F2FF, 0x2F800...0x2FA1F,
    ]

    /// By scalar; made once, at the first scalar outside of ASCII.
    private static let table: [UInt32: [Unicode.Scalar]] = {
        var table: [UInt32: [Unicode.Scalar]] = [:]
        for value in blocks.joined() {
            guard let scalar = Unicode.Scalar(value), scalar.isAssigned(inVersion: 11) else { continue }
            let decomposed = Array(String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars)
            if decomposed != [scalar] { table[value] = decomposed }
        }
        return table
    }()

    /// The scalars that a scalar decomposes to, or nil if it is its own decomposition.
    static func of(_ scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
        table[scalar.value] ?? CanonicalDecomposition.of(scalar)
    }
}
