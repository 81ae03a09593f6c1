/// Turns the tree of an expression into steps.
struct RegularExpressionCompiler {
    private var program: [RegularExpression.Instruction] = []

    /// Appends the steps of a tree.
    mutating func compile(_ tree: RegularExpressionTree) throws(PatternFault) {
        guard program.count < RegularExpression.programLimit else { throw tooLong }
        switch tree {
        case .scalar(let set): program.append(.scalar(set: set))
        case .lookAhead(let set, let isNegative): program.append(.lookAhead(set: set, isNegative: isNegative))
        case .lineStart: program.append(.lineStart)
        case .lineEnd: program.append(.lineEnd)
        case .sequence(let parts): for part in parts { try compile(part) }
        case .alternatives(let parts): try compileAlternatives(parts)
        case .repetition(let part, let least, let most, let isLazy):
            try compileRepetition(part, least: least, most: most, isLazy: isLazy)
        }
    }

    /// The steps, closed by a match.
    mutating func finished() throws(PatternFault) -> [RegularExpression.Instruction] {
        guard program.count < RegularExpression.programLimit else { throw tooLong }
        return program + [.match]
    }

    private var tooLong: PatternFault {
        PatternFault(pattern: "", reason: "it has more than \(RegularExpression.programLimit) steps")
    }

    private mutating func compileAlternatives(_ parts: [RegularExpressionTree]) throws(PatternFault) {
        var exits: [Int] = []
        for (index, part) in parts.enumerated() {
            guard index < parts.count - 1 else {
                try compile(part)
                break
            }
            let split = program.count
            program.append(.match)
            try compile(part)
            exits.append(program.count)
            program.append(.match)
            program[split] = .split(split + 1, program.count)
        }
        for exit in exits { program[exit] = .jump(program.count) }
    }

    private mutating func compileRepetition(
        _ part: RegularExpressionTree, least: Int, most: Int?, isLazy: Bool
    ) throws(PatternFault) {
        for _ in 0..<least {
            let before = program.count
            try compile(part)
            // What has no steps has none however often it is repeated.
            if program.count == before { return }
        }
        guard let most else {
            let split = program.count
            program.append(.match)
            try compile(part)
            program.append(.jump(split))
            program[split] = Self.split(split + 1, program.count, isLazy)
            return
        }
        var splits: [Int] = []
        for _ in least..<max(least, most) {
            splits.append(program.count)
            program.append(.match)
            try compile(part)
        }
        for split in splits { program[split] = Self.split(split + 1, program.count, isLazy) }
    }

    private static func split(_ inside: Int, _ outside: Int, _ isLazy: Bool) -> RegularExpression.Instruction {
        isLazy ? .split(outside, inside) : .split(inside, outside)
    }
}
