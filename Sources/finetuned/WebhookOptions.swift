internal import Arguments
internal import POSIX
internal import Webhooks

/// What `finetuned serve` was told of webhooks.
struct WebhookOptions {
    /// Where they go.
    let endpoint: WebhookEndpoint
    /// What they are signed with.
    let secret: WebhookSecret

    /// The longest file that is read for a secret.
    private static let longestSecret = 1024

    /// Reads the options; nil where there is no receiver.
    init?(_ arguments: ParsedArguments) throws(UsageError) {
        let file = arguments["webhook-secret-file"]
        let allowsPrivate = arguments.has("webhook-allow-private")
        guard let url = arguments["webhook-url"] else {
            guard file == nil, !allowsPrivate else {
                throw .missingOption("webhook-url", valueName: "URL", summary: "where webhooks go")
            }
            return nil
        }
        guard let file else {
            throw .missingOption(
                "webhook-secret-file", valueName: "FILE", summary: "what webhooks are signed with; \(Self.recipe)")
        }
        do {
            endpoint = try WebhookEndpoint(parsing: url, allowsPrivate: allowsPrivate)
        } catch {
            throw .invalid("webhook-url", value: url, expected: "like https://hooks.example.org/path: \(error)")
        }
        do {
            let bytes = try FileDescriptor.open(file).read(upTo: Self.longestSecret)
            secret = try WebhookSecret(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw .invalid(
                "webhook-secret-file", value: file, expected: "a file with a secret: \(error); \(Self.recipe)")
        }
    }

    private static let recipe = "make one with: echo \"whsec_$(openssl rand -base64 32)\" > FILE"
}
