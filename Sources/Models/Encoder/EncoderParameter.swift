internal import Tensors

/// A parameter of an encoder before it has memory, with the values that it begins with.
struct EncoderParameter {
    /// Values of a parameter that no file has.
    enum InitialValue {
        /// N(0, initializer_range)
        case normal
        case zero
        case one
        /// U(-bound, bound)
        case uniform(bound: Float)
        /// DoRA's: the norms of the rows of the weight beside it.
        case rowNorms
    }

    let specification: ParameterSpecification
    let initial: InitialValue
    /// Further names under which files have it.
    var aliases: [String] = []
}
