/// Identifiers that hold a number, such that they sort as their numbers do: `ftevent-000000000000000000000042`.
struct NumberedIdentifier: Sendable {
    /// What they begin with.
    let prefix: String

    private static let digits = 24

    /// The identifier of a number.
    func make(_ number: Int) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: max(0, Self.digits - digits.count)) + digits
    }

    /// The number in an identifier; nil where it is none of these.
    func number(in identifier: String) -> Int? {
        guard identifier.hasPrefix(prefix), let number = Int(identifier.dropFirst(prefix.count)), number > 0,
            make(number) == identifier
        else { return nil }
        return number
    }
}
