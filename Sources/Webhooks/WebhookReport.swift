public import Storage

/// What came of a delivery, for those who run the server.
public enum WebhookReport: Sendable {
    /// The receiver took it.
    case delivered(WebhookDelivery)
    /// It did not work and is tried again; without a delivery, something else did not work.
    case failed(WebhookDelivery?, String)
    /// It did not work for so long that it is not tried again.
    case givenUp(WebhookDelivery, String)
}
