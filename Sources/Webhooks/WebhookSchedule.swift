internal import Storage

/// When a delivery that failed is tried again.
public struct WebhookSchedule: Sendable {
    /// After the first failure; each further one doubles it.
    public var firstPause = Duration.seconds(5)
    /// The longest time between two attempts.
    public var longestPause = Duration.seconds(3600)
    /// After so long a delivery is given up.
    public var patience = Duration.seconds(72 * 3600)

    /// The usual: after 5, 10, 20 … seconds, then every hour, for three days.
    public init() {}

    /// Seconds until the next attempt; nil where there is none any more.
    ///
    /// - Parameter delivery: before the attempt that has just failed.
    func pause(after delivery: WebhookDelivery, at time: Int) -> Int? {
        guard time - delivery.createdAt < Int(patience / .seconds(1)) else { return nil }
        let pause = min(firstPause * (1 << min(delivery.attempts, 20)), longestPause)
        return Int((pause / .seconds(1)).rounded(.up))
    }
}
