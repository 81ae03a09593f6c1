/// Runs a compiled expression over a stretch of a text.
struct RegularExpressionMatcher {
    private let expression: RegularExpression
    private let bytes: UnsafeBufferPointer<UInt8>
    private let stretch: Range<Int>
    /// For each position and step: a bit, set once the step was tried there. As groups are not captured, a step that
    /// failed at a position fails there always, so that the bits hold for all beginnings of a match.
    private var tried: [UInt64]
    private let wordsPerPosition: Int
    private var pending: [(step: Int, position: Int)] = []

    init(_ expression: RegularExpression, _ bytes: UnsafeBufferPointer<UInt8>, _ stretch: Range<Int>) {
        self.expression = expression
        self.bytes = bytes
        self.stretch = stretch
        wordsPerPosition = (expression.program.count + 63) / 64
        tried = [UInt64](repeating: 0, count: (stretch.count + 1) * wordsPerPosition)
    }

    /// The end of the match that begins at a position, or nil. Positions must not go back.
    mutating func match(at start: Int) -> Int? {
        pending.removeAll(keepingCapacity: true)
        pending.append((0, start))
        while let (step, position) = pending.popLast() {
            if let end = run(from: step, at: position) {
                // The steps on the way to a match did not fail; only those at its end can be met again.
                let first = (end - stretch.lowerBound) * wordsPerPosition
                for word in first..<first + wordsPerPosition { tried[word] = 0 }
                return end
            }
        }
        return nil
    }

    private mutating func run(from first: Int, at start: Int) -> Int? {
        var step = first
        var position = start
        while claim(step, position) {
            switch expression.program[step] {
            case .scalar(let set):
                guard position < stretch.upperBound else { return nil }
                let (scalar, size) = UTF8Reader.scalar(in: bytes, at: position)
                guard expression.sets[set].contains(scalar) else { return nil }
                position += size
                step += 1
            case .split(let preferred, let other):
                pending.append((other, position))
                step = preferred
            case .jump(let target): step = target
            case .lookAhead(let set, let isNegative):
                guard isNext(set, position) != isNegative else { return nil }
                step += 1
            case .lineStart:
                guard position == stretch.lowerBound || bytes[position - 1] == 0x0A else { return nil }
                step += 1
            case .lineEnd:
                guard position == stretch.upperBound || bytes[position] == 0x0A else { return nil }
                step += 1
            case .match: return position
            }
        }
        return nil
    }

    private func isNext(_ set: Int, _ position: Int) -> Bool {
        position < stretch.upperBound
            && expression.sets[set].contains(UTF8Reader.scalar(in: bytes, at: position).scalar)
    }

    /// Marks a step as tried at a position; false if it was.
    private mutating func claim(_ step: Int, _ position: Int) -> Bool {
        let word = (position - stretch.lowerBound) * wordsPerPosition + step >> 6
        let bit: UInt64 = 1 << UInt64(step & 63)
        guard tried[word] & bit == 0 else { return false }
        tried[word] |= bit
        return true
    }
}
