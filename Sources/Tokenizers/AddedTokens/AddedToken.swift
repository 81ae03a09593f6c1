/// A token that is matched in the text itself, before the model sees it.
struct AddedToken: Sendable, Equatable {
    /// Its text.
    let content: String
    /// Its place in the vocabulary.
    let id: Int32
    /// It matches only where no letter or digit touches it.
    var singleWord = false
    /// It takes the white space before it along.
    var stripsLeft = false
    /// It takes the white space behind it along.
    var stripsRight = false
    /// It is matched after the normalizer, not in the raw text.
    var isNormalized = false
    /// It means something to the model: `[CLS]`, `[SEP]`.
    var isSpecial = false
}
