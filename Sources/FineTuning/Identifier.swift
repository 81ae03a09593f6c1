/// Makes the identifiers that clients see: a prefix and 24 random letters and digits (142 bits).
public enum Identifier {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// A new identifier such as `ftjob-…`; `prefix` includes its separator.
    public static func make(prefix: String) -> String {
        prefix + String((0..<24).map { _ in alphabet[Int.random(in: alphabet.indices)] })
    }
}
