/// Who sends a request, as far as the server knows.
struct Client: Sendable {
    /// The token's id; `anonymous` where none was needed.
    let id: String

    static let anonymous = Client(id: "anonymous")
}
