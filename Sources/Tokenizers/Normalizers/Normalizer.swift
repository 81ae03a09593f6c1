/// One stage of the normalizer. A sequence of stages is a list of these.
///
/// Source: `normalizers` of the Python package `tokenizers`.
enum Normalizer: Sendable {
    case bert(BertNormalizer)
    case unicode(UnicodeForm)
    case lowercase
    case stripAccents
    case strip(left: Bool, right: Bool)
    case replace(TextPattern, by: [UInt8])
    case prepend([UInt8])
    case precompiled(Precompiled)
    case nmt
    case byteLevel

    /// Normalizes a piece of text in place.
    func apply(to text: inout NormalizedText) {
        switch self {
        case .bert(let normalizer): normalizer.apply(to: &text)
        case .unicode(let form): form.apply(to: &text)
        case .lowercase: Lowercase.apply(to: &text)
        case .stripAccents: StripAccents.apply(to: &text)
        case .strip(let left, let right): Strip.apply(to: &text, left: left, right: right)
        case .replace(let pattern, let content):
            text.replace(pattern.matches(in: text.bytes), by: content)
        case .prepend(let prefix): text.prepend(prefix)
        case .precompiled(let map): map.apply(to: &text)
        case .nmt: NmtNormalizer.apply(to: &text)
        case .byteLevel: text = ByteAlphabet.encoded(text)
        }
    }
}
