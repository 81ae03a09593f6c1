/// Reads the part of Oniguruma's syntax that tokenizers use.
struct RegularExpressionParser {
    private let pattern: String
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var ignoresCase = false
    /// The sets that the tree refers to by their places.
    private(set) var sets: [ScalarSet] = []

    /// Groups within groups, at most.
    private static let depthLimit = 20
    private static let repetitionLimit = 255
    private static let lengthLimit = 4096

    init(_ pattern: String) {
        self.pattern = pattern
        scalars = Array(pattern.unicodeScalars)
    }

    /// The tree of the whole pattern.
    mutating func parse() throws(PatternFault) -> RegularExpressionTree {
        guard scalars.count <= Self.lengthLimit else { throw fault("it is longer than \(Self.lengthLimit) characters") }
        let tree = try alternatives(depth: 0)
        if let next { throw fault("\"\(next)\" is not opened") }
        return tree
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func fault(_ reason: String) -> PatternFault { PatternFault(pattern: pattern, reason: reason) }

    private mutating func take(_ expected: String) -> Bool {
        let wanted = Array(expected.unicodeScalars)
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    private mutating func taken() throws(PatternFault) -> Unicode.Scalar {
        guard let scalar = next else { throw fault("it ends too early") }
        position += 1
        return scalar
    }

    private mutating func alternatives(depth: Int) throws(PatternFault) -> RegularExpressionTree {
        guard depth <= Self.depthLimit else { throw fault("it has more than \(Self.depthLimit) groups in one another") }
        var parts = [try sequence(depth: depth)]
        while take("|") { parts.append(try sequence(depth: depth)) }
        return parts.count == 1 ? parts[0] : .alternatives(parts)
    }

    private mutating func sequence(depth: Int) throws(PatternFault) -> RegularExpressionTree {
        var parts: [RegularExpressionTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let part = try atom(depth: depth)
            parts.append(try repeated(part))
        }
        return .sequence(parts)
    }

    private mutating func repeated(_ part: RegularExpressionTree) throws(PatternFault) -> RegularExpressionTree {
        let bounds: (least: Int, most: Int?)
        if take("?") {
            bounds = (0, 1)
        } else if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("{") {
            bounds = try counted()
        } else {
            return part
        }
        let isLazy = take("?")
        if let next, next == "+" || next == "*" || next == "{" || next == "?" {
            throw fault("repetitions of repetitions and possessive ones are not known")
        }
        return .repetition(part, least: bounds.least, most: bounds.most, isLazy: isLazy)
    }

    private mutating func counted() throws(PatternFault) -> (least: Int, most: Int?) {
        let least = number()
        var most = least
        if take(",") { most = number() } else if least == nil { throw fault("\"{\" without a count") }
        guard take("}") else { throw fault("\"{\" is not closed") }
        let bounds = (least: least ?? 0, most: most)
        guard bounds.least <= bounds.most ?? Self.repetitionLimit,
            max(bounds.least, bounds.most ?? 0) <= Self.repetitionLimit
        else { throw fault("a count is above \(Self.repetitionLimit), or the wrong way round") }
        return bounds
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next, (0x30...0x39) ~= digit.value {
            value = min((value ?? 0) * 10 + Int(digit.value - 0x30), 1_000_000)
            position += 1
        }
        return value
    }

    private mutating func atom(depth: Int) throws(PatternFault) -> RegularExpressionTree {
        switch try taken() {
        case "(": return try group(depth: depth)
        case "[": return .scalar(set: try bracket())
        case ".":
            var set = ScalarSet()
            set.insert(0x0A...0x0A)
            set.isInverted = true
            return .scalar(set: store(set))
        case "^": return .lineStart
        case "$": return .lineEnd
        case "\\":
            var set = ScalarSet()
            set.ignoresCase = ignoresCase
            _ = try escape(into: &set)
            return .scalar(set: store(set))
        case let scalar where "?*+{".unicodeScalars.contains(scalar):
            throw fault("\"\(scalar)\" repeats nothing")
        case let scalar:
            var set = ScalarSet()
            set.insert(scalar.value...scalar.value)
            set.ignoresCase = ignoresCase
            return .scalar(set: store(set))
        }
    }

    private mutating func store(_ set: ScalarSet) -> Int {
        var set = set
        set.seal()
        sets.append(set)
        return sets.count - 1
    }

    private mutating func group(depth: Int) throws(PatternFault) -> RegularExpressionTree {
        let outer = ignoresCase
        defer { ignoresCase = outer }
        var look: Bool?
        if take("?") {
            if take("i:") {
                ignoresCase = true
            } else if take("=") {
                look = false
            } else if take("!") {
                look = true
            } else if !take(":") {
                throw fault("\"(?\" is followed by what is not known; known are (?:…), (?i:…), (?=…), (?!…)")
            }
        }
        let tree = try alternatives(depth: depth + 1)
        guard take(")") else { throw fault("\"(\" is not closed") }
        guard let look else { return tree }
        guard case .sequence(let parts) = tree, parts.count == 1, case .scalar(let set) = parts[0] else {
            throw fault("looking ahead is known for one character or class only")
        }
        return .lookAhead(set: set, isNegative: look)
    }

    /// The inside of `[…]`.
    private mutating func bracket() throws(PatternFault) -> Int {
        var set = ScalarSet()
        set.ignoresCase = ignoresCase
        set.isInverted = take("^")
        var isEmpty = true
        while !take("]") {
            let scalar = try taken()
            if scalar == "[" || scalar == "&" && next == "&" {
                throw fault("classes in classes are not known")
            }
            let first = scalar == "\\" ? try escape(into: &set, isInClass: true) : scalar
            isEmpty = false
            guard let first else { continue }
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set.insert(first.value...first.value)
                continue
            }
            position += 1
            let end = try taken()
            let last = end == "\\" ? try escape(into: &set, isInClass: true) : end
            guard let last, first <= last, end != "[" else { throw fault("a range in a class is not understood") }
            set.insert(first.value...last.value)
        }
        guard !isEmpty else { throw fault("a class is empty") }
        return store(set)
    }

    /// What stands behind a backslash: a class goes into the set, a scalar too, or is given back within brackets.
    private mutating func escape(into set: inout ScalarSet, isInClass: Bool = false) throws(PatternFault)
        -> Unicode.Scalar?
    {
        let scalar = try taken()
        switch scalar {
        case "s", "S": set.insert(.whitespace, isInverted: scalar == "S")
        case "w", "W": set.insert(isInClass ? .bracketedWord : .word, isInverted: scalar == "W")
        case "d", "D": set.insert(.categories([.decimalNumber]), isInverted: scalar == "D")
        case "p", "P": try property(into: &set, isInverted: scalar == "P")
        default:
            let literal = try literal(scalar)
            if isInClass { return literal }
            set.insert(literal.value...literal.value)
        }
        return nil
    }

    private mutating func property(into set: inout ScalarSet, isInverted: Bool) throws(PatternFault) {
        guard take("{") else { throw fault("\\p is not followed by {…}") }
        let isNegated = take("^")
        var name = ""
        while !take("}") { name.unicodeScalars.append(try taken()) }
        guard let property = ScalarSet.Property(name: name) else {
            throw fault("\\p{\(name.prefix(40))} is not known; general categories are")
        }
        set.insert(property, isInverted: isInverted != isNegated)
    }

    private mutating func literal(_ scalar: Unicode.Scalar) throws(PatternFault) -> Unicode.Scalar {
        switch scalar {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "f": return "\u{0C}"
        case "v": return "\u{0B}"
        case "x", "u": return try hexadecimal(digits: scalar == "x" ? 2 : 4)
        case let other where other.isWordCharacter: throw fault("\\\(other) is not known")
        default: return scalar
        }
    }

    private mutating func hexadecimal(digits: Int) throws(PatternFault) -> Unicode.Scalar {
        var text = ""
        if take("{") {
            while !take("}") { text.unicodeScalars.append(try taken()) }
        } else {
            for _ in 0..<digits { text.unicodeScalars.append(try taken()) }
        }
        guard let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw fault("\"\(text.prefix(20))\" is not a character's number")
        }
        return scalar
    }
}
