/// What BERT's normalizer and pre-tokenizer must know of a Unicode scalar.
///
/// The Python package `tokenizers` takes general categories from Unicode 8.0 (its crate `unicode_categories`),
/// combining classes from 9.0, white space and small letters from a current version. So categories count only for
/// scalars of Unicode 8.0 or before, and the six scalars whose category changed later are listed. Checked against the package for every scalar.
struct ScalarClass: OptionSet {
    let rawValue: UInt8

    /// Dropped by `clean_text`: control, format and private-use characters, and U+FFFD.
    static let control = ScalarClass(rawValue: 1)
    static let whitespace = ScalarClass(rawValue: 2)
    static let punctuation = ScalarClass(rawValue: 4)
    static let nonspacingMark = ScalarClass(rawValue: 8)
    /// A CJK ideograph, which stands as a word of its own.
    static let ideograph = ScalarClass(rawValue: 16)
    /// It has a canonical decomposition.
    static let decomposes = ScalarClass(rawValue: 32)
    /// Its lowercase mapping is another.
    static let changesInLowercase = ScalarClass(rawValue: 64)
    /// Its canonical combining class was not 0 in Unicode 9.0.
    static let combines = ScalarClass(rawValue: 128)

    /// The class of a scalar.
    ///
    /// - Complexity: O(1); scalars above U+FFFF cost a few look-ups in Unicode's tables.
    static func of(_ scalar: Unicode.Scalar) -> ScalarClass { table[scalar] }

    private static let table = ScalarTable(derive)

    private static func derive(_ scalar: Unicode.Scalar) -> ScalarClass {
        let properties = scalar.properties
        var result: ScalarClass = category(of: scalar)
        if properties.isWhitespace { result.insert(.whitespace) }
        if isIdeograph(scalar.value) { result.insert(.ideograph) }
        if CanonicalDecomposition.of(scalar) != nil { result.insert(.decomposes) }
        if properties.changesWhenLowercased { result.insert(.changesInLowercase) }
        if properties.canonicalCombiningClass != .notReordered, scalar.isAssigned(inVersion: 9) {
            result.insert(.combines)
        }
        return result
    }

    /// The classes that follow from the general category in Unicode 8.0.
    private static func category(of scalar: Unicode.Scalar) -> ScalarClass {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: return []
        case 0xFFFD: return .control
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return .punctuation
        // Other symbol and nonspacing mark today; other punctuation in 8.0.
        case 0x166D, 0x111C9: return .punctuation
        // Spacing marks today; nonspacing in 8.0.
        case 0x1734, 0x1171E: return .nonspacingMark
        // Nonspacing marks today; other letter and spacing mark in 8.0.
        case 0x1885, 0x1886, 0xA9BD: return []
        default: break
        }
        let category = scalar.properties.generalCategory
        if category == .privateUse { return .control }
        guard scalar.isAssigned(inVersion: 8) else { return [] }
        switch category {
        case .control, .format: return .control
        case .nonspacingMark: return .nonspacingMark
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return .punctuation
        default: return []
        }
    }

    /// The blocks of BERT's `_is_chinese_char`, with its two blocks as the package has them.
    private static func isIdeograph(_ value: UInt32) -> Bool {
        switch value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
            0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
