/// A set of Unicode scalars as a class of a regular expression names it.
struct ScalarSet: Sendable {
    /// A property that scalars of Unicode 16 have, as Oniguruma's tables say.
    enum Property: Sendable {
        case whitespace
        case word
        /// `\w` within brackets, where the fractions and raised digits of Latin 1 are not among them.
        case bracketedWord
        /// A general category, or one of its classes.
        case categories(Set<Unicode.GeneralCategory>)
    }

    private var ranges: [ClosedRange<UInt32>] = []
    private var properties: [(property: Property, isInverted: Bool)] = []
    var isInverted = false
    /// Letters match in either case.
    var ignoresCase = false
    /// The answers for ASCII, filled in by ``seal()``.
    private var ascii: [Bool] = []

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func insert(_ property: Property, isInverted: Bool) { properties.append((property, isInverted)) }

    /// Computes the answers for ASCII; nothing may be inserted after.
    mutating func seal() { ascii = (0..<128).map { derive(Unicode.Scalar(UInt8($0))) } }

    /// Whether the set has a scalar.
    @inline(__always)
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80 ? ascii[Int(scalar.value)] : derive(scalar)
    }

    private func derive(_ scalar: Unicode.Scalar) -> Bool {
        var isInside = includes(scalar)
        if !isInside, ignoresCase { isInside = Self.otherCases(of: scalar).contains(where: includes) }
        return isInside != isInverted
    }

    private func includes(_ scalar: Unicode.Scalar) -> Bool {
        if ranges.contains(where: { $0.contains(scalar.value) }) { return true }
        return properties.contains { $0.property.holds(for: scalar) != $0.isInverted }
    }

    /// The other letters of the scalar's case, with the two signs that are old letters.
    private static func otherCases(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        switch scalar {
        case "s", "S": ["s", "S", "\u{17F}"]
        case "k", "K": ["k", "K", "\u{212A}"]
        case "\u{17F}": ["s", "S"]
        case "\u{212A}": ["k", "K"]
        default:
            [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
                .compactMap { $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first : nil }
        }
    }
}

extension ScalarSet.Property {
    /// Whether a scalar has the property.
    func holds(for scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .whitespace: scalar.properties.isWhitespace
        case .word: PatternClass.of(scalar).contains(.word)
        case .bracketedWord:
            PatternClass.of(scalar).contains(.word) && scalar.properties.generalCategory != .otherNumber
        case .categories(let categories): categories.contains(PatternClass.category(of: scalar))
        }
    }

    /// The property that `\p{NAME}` names, or nil.
    init?(name: String) {
        let matching = Self.categories.filter { $0.code == name || $0.code.first.map(String.init) == name }
        guard !matching.isEmpty else { return nil }
        self = .categories(Set(matching.map(\.category)))
    }

    private static let categories: [(code: String, category: Unicode.GeneralCategory)] = [
        ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter), ("Lm", .modifierLetter),
        ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark), ("Me", .enclosingMark),
        ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber), ("Pc", .connectorPunctuation),
        ("Pd", .dashPunctuation), ("Ps", .openPunctuation), ("Pe", .closePunctuation), ("Pi", .initialPunctuation),
        ("Pf", .finalPunctuation), ("Po", .otherPunctuation), ("Sm", .mathSymbol), ("Sc", .currencySymbol),
        ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator), ("Zl", .lineSeparator),
        ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format), ("Cs", .surrogate), ("Co", .privateUse),
        ("Cn", .unassigned),
    ]
}
