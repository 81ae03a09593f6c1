/// What is derived of Unicode scalars, kept for those of the basic plane.
struct ScalarTable<Class: OptionSet & Sendable>: Sendable {
    private let basicPlane: [Class]
    private let derive: @Sendable (Unicode.Scalar) -> Class

    /// Derives the basic plane's classes.
    init(_ derive: @escaping @Sendable (Unicode.Scalar) -> Class) {
        self.derive = derive
        basicPlane = (0..<0x10000).map { value in Unicode.Scalar(UInt32(value)).map(derive) ?? [] }
    }

    /// The class of a scalar.
    @inline(__always)
    subscript(scalar: Unicode.Scalar) -> Class {
        scalar.value < 0x10000 ? basicPlane[Int(scalar.value)] : derive(scalar)
    }
}
