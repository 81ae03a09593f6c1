/// Numbers of bytes as people write them: `500MB`, `2 GiB`, `1048576`.
public enum ByteCount {
    private static let units: [(name: String, bytes: Int)] = [
        ("B", 1), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]

    /// The bytes that a text names: a whole number, with or without a unit, of either case; nil where it is none.
    public static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Int(digits) else { return nil }
        if unit.isEmpty { return number }
        guard let factor = units.first(where: { $0.name.lowercased() == unit.lowercased() })?.bytes else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows ? nil : bytes
    }

    /// The number in the largest unit of powers of ten that says it exactly.
    public static func format(_ bytes: Int) -> String {
        let unit = units.prefix(5).last { bytes % $0.bytes == 0 && bytes >= $0.bytes } ?? units[0]
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
