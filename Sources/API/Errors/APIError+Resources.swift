import HTTP

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

    /// 507: the disk has too little room.
    static func diskFull(needed: Int, free: Int) -> APIError {
        APIError(
            .insufficientStorage, code: "disk_full",
            "the disk has \(free) bytes free where \(needed) are needed; delete files, models or checkpoints")
    }
}
