/// The Range header of a body of known length (RFC 9110 §14.1.2, §14.2).
enum ByteRanges: Hashable {
    /// Not in bytes, malformed, or so many or overlapping that it looks like an attack (§17.15): send everything.
    case ignored
    /// No range has a byte in common with the body.
    case unsatisfiable
    /// What to send, in the order asked for.
    case ranges([Range<Int>])

    /// How many ranges are answered one by one.
    private static let maximumCount = 16

    static func parse(_ value: String, length: Int) -> ByteRanges {
        guard let equals = value.firstIndex(of: "="), Headers.areEqual(String(value[..<equals]), "bytes") else {
            return .ignored
        }
        var ranges: [Range<Int>] = []
        let specs = value[value.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)
        if specs.count > maximumCount { return .ignored }
        for spec in specs {
            switch range(Array(spec.utf8.drop { $0 == 0x20 || $0 == 0x09 }), length: length) {
            case nil: return .ignored
            case .some(let range): if !range.isEmpty { ranges.append(range) }
            }
        }
        if ranges.isEmpty { return .unsatisfiable }
        let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
        for (left, right) in zip(sorted, sorted.dropFirst()) where left.upperBound > right.lowerBound {
            return .ignored
        }
        return .ranges(ranges)
    }

    /// One `first-last`, `first-` or `-suffix`: nil where malformed, empty where it cannot be satisfied.
    private static func range(_ spec: [UInt8], length: Int) -> Range<Int>? {
        var spec = spec[...]
        while let last = spec.last, last == 0x20 || last == 0x09 { spec.removeLast() }
        guard let dash = spec.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        let (head, tail) = (spec[..<dash], spec[(dash + 1)...])
        if head.isEmpty {
            guard let suffix = number(tail) else { return nil }
            return max(0, length - min(suffix, length))..<length
        }
        guard let first = number(head) else { return nil }
        guard let last = tail.isEmpty ? Int.max : number(tail), first <= last else { return nil }
        return first < length ? first..<(min(last, length - 1) + 1) : 0..<0
    }

    /// A decimal number; one that is too large counts as the largest.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self)) ?? Int.max
    }
}
