/// What the classes of regular expressions say of a scalar, with Oniguruma's tables of Unicode 16.
struct PatternClass: OptionSet {
    let rawValue: UInt8

    /// `\p{L}`.
    static let letter = PatternClass(rawValue: 1)
    /// `\p{N}`.
    static let number = PatternClass(rawValue: 2)
    /// `\s`.
    static let whitespace = PatternClass(rawValue: 4)
    /// `\w`.
    static let word = PatternClass(rawValue: 8)

    /// The class of a scalar.
    ///
    /// - Complexity: O(1); scalars above U+FFFF cost a few look-ups in Unicode's tables.
    @inline(__always)
    static func of(_ scalar: Unicode.Scalar) -> PatternClass { table[scalar] }

    private static let table = ScalarTable(derive)

    private static func derive(_ scalar: Unicode.Scalar) -> PatternClass {
        var result: PatternClass = []
        if scalar.properties.isWhitespace { result.insert(.whitespace) }
        switch category(of: scalar) {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            result.formUnion([.letter, .word])
        case .decimalNumber, .letterNumber: result.formUnion([.number, .word])
        case .otherNumber:
            result.insert(.number)
            // Oniguruma counts those of Latin 1 alone among the letters of words.
            if scalar.value < 0x100 { result.insert(.word) }
        case .nonspacingMark, .spacingMark, .enclosingMark, .connectorPunctuation: result.insert(.word)
        default:
            if scalar.properties.isAlphabetic, scalar.isAssigned(inVersion: 16) { result.insert(.word) }
        }
        return result
    }

    /// The general category in Unicode 16.
    static func category(of scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        let category = scalar.properties.generalCategory
        switch category {
        case .control, .privateUse, .surrogate: return category
        default: return scalar.isAssigned(inVersion: 16) ? category : .unassigned
        }
    }
}
