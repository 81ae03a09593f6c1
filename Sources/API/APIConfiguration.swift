/// What the API needs to know of the server that it is part of.
public struct APIConfiguration: Sendable, Hashable {
    /// The program's version, as `/v1/system` tells it.
    public var version: String
    /// The owner's name, the third part of the names of fine-tuned models.
    public var organization = "local"
    /// Names, without port, by which clients may call the server besides those of the loopback interface.
    public var hosts: Set<String> = []
    /// Whether only this machine can reach the server; then no token is needed while none exists.
    public var listensOnLoopbackOnly = true
    /// Training threads of a job that asks for no number.
    public var threads = 1
    /// An uploaded file may be this long, in bytes.
    public var maximumFileBytes = 8 << 30
    /// Bytes that are left free on the disk whatever a client uploads.
    public var reservedDiskBytes = 64 << 20

    /// The defaults.
    public init(version: String) {
        self.version = version
    }
}
