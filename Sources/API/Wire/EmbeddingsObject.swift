import FineTuning
import Foundation
import JSON

/// The answer of `POST /v1/embeddings`, as in the OpenAI API.
struct EmbeddingsObject {
    let model: String
    let vectors: [EmbeddingVector]
    let format: EmbeddingsRequest.Format

    var json: JSONValue {
        let tokens = JSONValue(vectors.reduce(0) { $0 + $1.tokens })
        return [
            "object": "list",
            "data": .array(
                vectors.enumerated().map {
                    ["object": "embedding", "index": JSONValue($0), "embedding": written($1.components)]
                }), "model": .string(model), "usage": ["prompt_tokens": tokens, "total_tokens": tokens],
        ]
    }

    private func written(_ components: [Float]) -> JSONValue {
        switch format {
        case .float: .array(components.map { JSONValue($0) })
        case .base64: .string(Self.base64(components))
        }
    }

    /// The components as little-endian 32-bit floats, in Base64 (RFC 4648, section 4).
    static func base64(_ components: [Float]) -> String {
        var bytes = Data(capacity: 4 * components.count)
        for component in components {
            withUnsafeBytes(of: component.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes.base64EncodedString()
    }
}
