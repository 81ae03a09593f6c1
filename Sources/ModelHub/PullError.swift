/// Why a model could not be fetched.
public enum PullError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The source makes no sense.
    case malformedSource(String, reason: String)
    /// The name for the model is not one.
    case malformedName(String)
    /// The hub's address is not one.
    case malformedEndpoint(String)
    /// The hub could not be reached.
    case unreachable(url: String, reason: String)
    /// The hub answered with an error.
    case refused(url: String, status: Int)
    /// The hub sends to a place where it may not send.
    case forbiddenRedirect(from: String, to: String, reason: String)
    /// The hub's answer is not what its API promises.
    case malformedAnswer(url: String, reason: String)
    /// The source lacks files that a model needs.
    case incomplete(source: String, missing: String)
    /// A file is not what the hub said it would be.
    case damaged(file: String, expected: String, found: String)
    /// The transfer of a file broke off again and again.
    case interrupted(file: String, reason: String)
    /// Another process is fetching the same model.
    case busy(path: String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .malformedSource(let source, let reason):
            "\"\(source)\" is no source of a model: \(reason). Give hf:ORG/NAME, hf:ORG/NAME@REVISION or a directory"
        case .malformedName(let name):
            "\"\(name)\" cannot be a model's name: letters, digits, \"-\", \"_\" and \".\" only, and no \".\" in front"
        case .malformedEndpoint(let text):
            "HF_ENDPOINT is \"\(text)\": it must be an address such as https://huggingface.co"
        case .unreachable(let url, let reason): "cannot reach \(url): \(reason)"
        case .refused(let url, let status): Self.describe(status, url)
        case .forbiddenRedirect(let from, let to, let reason):
            "\(from) sends on to \(to.prefix(200)), which is not followed: \(reason)"
        case .malformedAnswer(let url, let reason): "the answer of \(url) makes no sense: \(reason)"
        case .incomplete(let source, let missing): "\(source) is no model that can be used: \(missing)"
        case .damaged(let file, let expected, let found):
            "\(file) arrived damaged: expected \(expected), got \(found). It was deleted; pull again"
        case .interrupted(let file, let reason):
            "the transfer of \(file) broke off: \(reason). What arrived is kept; pull again to go on"
        case .busy(let path): "another pull is writing to \(path); wait for it to end"
        }
    }

    private static func describe(_ status: Int, _ url: String) -> String {
        switch status {
        case 401, 403:
            "\(url) answers \(status): the model does not exist, is private, or asks to accept a licence first"
        case 404: "\(url) answers 404: there is no such model, revision or file"
        case 429: "\(url) answers 429: too many requests; wait a few minutes"
        default: "\(url) answers \(status)"
        }
    }
}
