import HTTP

/// The header fields that keep browsers from doing more with an answer than it is meant for.
enum SecurityHeaders {
    private static let fields = [
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    static func add(_ request: Request, _ next: Handler) async throws -> Response {
        added(to: try await next(request))
    }

    /// The answer with these fields; those that it has already are kept.
    static func added(to response: Response) -> Response {
        var response = response
        for (name, value) in fields where !response.headers.contains(name) { response.headers[name] = value }
        return response
    }
}
