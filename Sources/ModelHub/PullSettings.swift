/// Where the hub is and how patiently it is asked.
public struct PullSettings: Sendable, Hashable {
    /// The hub's address.
    public var endpoint = "https://huggingface.co"
    /// Seconds of silence after which a request has failed.
    public var timeout = 15.0
    /// Transfers of one file that may end without a single byte before the pull gives up.
    public var fruitlessAttempts = 4
    /// The pause before a transfer is tried again; it doubles with each fruitless one.
    public var retryDelay = Duration.seconds(1)
    /// Whether the hub is one of one's own network, which may send on to others there; nil looks its address up.
    var isHubPrivate: Bool?

    /// The defaults.
    public init() {}
}
