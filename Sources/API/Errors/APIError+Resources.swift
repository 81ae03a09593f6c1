import HTTP
import Storage

/// The refusals that several endpoints share.
extension APIError {
    /// 400 about a parameter or field.
    static func invalid(_ param: String?, code: String = "invalid_value", _ message: String) -> APIError {
        APIError(.badRequest, code: code, param: param, message)
    }

    /// 404 about a thing of the path, by its kind and identifier.
    static func missing(_ kind: String, _ identifier: String, param: String, hint: String = "") -> APIError {
        let code = "\(kind.replacing(" ", with: "_"))_not_found"
        return APIError(.notFound, code: code, param: param, "no \(kind) \"\(identifier.prefix(200))\"\(hint)")
    }

    /// 404 for a path that nothing answers.
    static func unknownPath(_ method: Method, _ path: String) -> APIError {
        APIError(
            .notFound, code: "unknown_url",
            "nothing answers \(method) \(path.prefix(200)); GET /v1/openapi.json lists what there is")
    }

    /// The code of what goes beyond a quota.
    static let quotaExceeded = "quota_exceeded"

    /// What goes beyond a quota. Of bytes it is 413, for it is this client's content that is too large and not the
    /// server's storage that is short (507), and clients repeat neither; of jobs it is 429 as with the OpenAI API, with
    /// the word to clients not to repeat it by themselves.
    static func quotaExceeded(_ excess: Quota.Excess) -> APIError {
        switch excess.resource {
        case .queuedJobs:
            APIError(
                .tooManyRequests, code: quotaExceeded, excess.description, headers: ["x-should-retry": "false"])
        case .storedBytes: APIError(.contentTooLarge, code: quotaExceeded, param: "file", excess.description)
        }
    }

    /// 507: the disk has too little room.
    static func diskFull(needed: Int, free: Int) -> APIError {
        APIError(
            .insufficientStorage, code: "disk_full",
            "the disk has \(free) bytes free where \(needed) are needed; delete files, models or checkpoints")
    }
}
