/// Why webhooks cannot be sent, or a delivery did not succeed.
public enum WebhookError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The receiver's address makes no sense.
    case malformedURL(reason: String)
    /// The secret makes no sense.
    case malformedSecret(reason: String)
    /// The receiver's name leads to a machine of one's own network.
    case forbiddenAddress(host: String, address: String)
    /// The receiver cannot be reached.
    case unreachable(reason: String)
    /// The receiver's answer is not one of HTTP, or says that it did not take the event.
    case refused(answer: String)

    /// What is wrong and what would be right.
    public var description: String {
        switch self {
        case .malformedURL(let reason): reason
        case .malformedSecret(let reason): reason
        case .forbiddenAddress(let host, let address):
            "\(host) is \(address), which is no address of the public internet; where that is meant, say "
                + "--webhook-allow-private"
        case .unreachable(let reason): reason
        case .refused(let answer): "the receiver answered \(answer), not 2xx"
        }
    }
}
