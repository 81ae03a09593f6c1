/// What can be wrong with a tokenizer's files.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file cannot be read.
    case unreadable(path: String, reason: String)
    /// A file is larger than any tokenizer needs.
    case tooLarge(path: String, limit: Int)
    /// A file does not say what it should; `fault` names the place.
    case malformed(path: String, fault: String)
    /// `tokenizer.json` asks for a pipeline stage that is not known.
    case unsupported(path: String, component: String, type: String, supported: [String])
    /// A token that the pipeline needs is not in the vocabulary.
    case missingToken(path: String, token: String)
    /// A directory has none of the files that tokenizers come in.
    case noTokenizer(directory: String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "Cannot read \(path): \(reason)."
        case .tooLarge(let path, let limit): "\(path) is larger than \(limit >> 20) MiB; no tokenizer needs that."
        case .malformed(let path, let fault): "\(path) is not a valid tokenizer: \(fault)."
        case .unsupported(let path, let component, let type, let supported):
            "\(path): the \(component) \"\(type)\" is not supported; supported are "
                + supported.map { "\"\($0)\"" }.joined(separator: ", ") + "."
        case .missingToken(let path, let token): "\(path): the token \"\(token)\" is not in the vocabulary."
        case .noTokenizer(let directory):
            "\(directory) has no tokenizer: neither tokenizer.json nor vocab.txt nor vocab.json with merges.txt is there."
        }
    }
}
