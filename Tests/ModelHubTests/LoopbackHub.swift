import HTTP
import POSIX

/// A hub on the loopback interface that lays its files out as the public one does: a listing by `tree`, contents by
/// `resolve`, large ones behind a redirect.
final class LoopbackHub: Sendable {
    let contents: HubContents
    let endpoint: String
    private let server: Server

    init(_ files: [HubContents.File] = LoopbackHub.repository) async throws {
        let contents = HubContents(files)
        self.contents = contents
        var router = Router()
        router.add(.get, "/api/models/acme/tiny/tree/main") { try contents.tree($0) }
        router.add(.get, "/acme/tiny/resolve/main/{path...}") { try contents.resolve($0) }
        router.add(.get, "/storage/{path...}") { try contents.content($0) }
        server = Server(configuration: ServerConfiguration(address: .loopback()), router: router)
        endpoint = "http://\(try await server.start())"
    }

    /// A model with files that are needed and files that are not.
    static let repository: [HubContents.File] = [
        HubContents.File(path: "config.json", content: Array(#"{"model_type":"bert"}"#.utf8)),
        HubContents.File(path: "tokenizer.json", content: Array(#"{"version":"1.0"}"#.utf8)),
        HubContents.File(path: "vocab.txt", content: Array("[PAD]\n[UNK]\n".utf8)),
        HubContents.File(path: "1_Pooling/config.json", content: Array("{}".utf8)),
        HubContents.File(path: "README.md", content: Array("# Tiny\n".utf8)),
        HubContents.File(path: "model.safetensors", content: weights, isLarge: true),
        HubContents.File(path: "pytorch_model.bin", content: [1, 2, 3], isLarge: true),
        HubContents.File(path: "onnx/model.onnx", content: [4, 5, 6], isLarge: true),
        HubContents.File(path: ".gitattributes", content: []),
    ]

    /// 300 kB in which every place looks different.
    static let weights: [UInt8] = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 251) }
}
