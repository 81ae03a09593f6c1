public import FineTuning

/// An event that a receiver of webhooks is to be told of.
public struct WebhookDelivery: Sendable, Hashable {
    /// `evt_…`, the same in every attempt.
    public let id: String
    /// The job that has ended.
    public let jobID: String
    /// How.
    public let state: JobState
    /// When, in seconds since 1970.
    public let createdAt: Int
    /// How often it was tried before.
    public let attempts: Int
}
