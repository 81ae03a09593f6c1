/// Who asks for something: the owner of what is made, whose quota it counts against and whom the audit log names.
public struct Principal: Sendable, Hashable {
    /// The token's identifier, `anonymous`, or `operator`.
    public let id: String
    /// The token's name.
    public let name: String?
    /// The client's network address, without port.
    public let address: String?

    private init(id: String, name: String? = nil, address: String? = nil) {
        self.id = id
        self.name = name
        self.address = address
    }

    /// A client with a token.
    public init(_ token: Token, address: String) {
        self.init(id: token.id, name: token.name, address: address)
    }

    /// A client that needed no token.
    public static func anonymous(address: String) -> Principal { Principal(id: "anonymous", address: address) }

    /// Whoever has a shell on the server's machine and works on the data directory.
    public static let commandLine = Principal(id: "operator")
}
