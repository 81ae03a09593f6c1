internal import Cryptography
internal import Foundation

/// What the receiver shares with this server, so that it knows whose events they are.
///
/// Signatures are those of Standard Webhooks, which OpenAI's webhooks are.
public struct WebhookSecret: Sendable {
    private let key: [UInt8]

    /// Bytes that a key may have.
    private static let lengths = 24...64

    /// Reads `whsec_` and a key in base64; space around it does not count.
    ///
    /// - Throws: ``WebhookError/malformedSecret(reason:)``, without the secret in it.
    public init(parsing text: String) throws(WebhookError) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard trimmed.hasPrefix("whsec_") else { throw .malformedSecret(reason: "it does not begin with whsec_") }
        guard let key = Data(base64Encoded: String(trimmed.dropFirst(6))) else {
            throw .malformedSecret(reason: "behind whsec_ it is not base64")
        }
        guard Self.lengths.contains(key.count) else {
            throw .malformedSecret(reason: "it has \(key.count) bytes; 24 to 64 would be right")
        }
        self.key = Array(key)
    }

    /// The value of `webhook-signature`: a version, and the code of "id.timestamp.body".
    func signature(id: String, timestamp: Int, body: [UInt8]) -> String {
        let code = HMAC.sha256(Array("\(id).\(timestamp).".utf8) + body, key: key)
        return "v1," + Data(code).base64EncodedString()
    }
}
