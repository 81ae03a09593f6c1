/// Canonical combining classes of Unicode 9.0, which the reference's tables have.
enum CombiningClass {
    /// The class of a scalar; 0 for starters.
    static func of(_ scalar: Unicode.Scalar) -> UInt8 {
        guard scalar.value >= 0x300, ScalarClass.of(scalar).contains(.combines) else { return 0 }
        return scalar.properties.canonicalCombiningClass.rawValue
    }
}
