internal import JSON

/// Reads the member `decoder`.
enum DecoderReader {
    private enum Kind: String, CaseIterable {
        case wordPiece = "WordPiece"
        case byteLevel = "ByteLevel"
        case metaspace = "Metaspace"
        case bytePairEncoding = "BPEDecoder"
        case byteFallback = "ByteFallback"
        case fuse = "Fuse"
        case strip = "Strip"
        case replace = "Replace"
        case sequence = "Sequence"
    }

    /// The most a decoder may cut off a token, in characters.
    private static let stripLimit = 1024

    /// The stages, in order.
    static func read(_ cursor: JSONCursor) throws -> [Decoder] {
        var growth = 1
        return try cursor.stages("decoders", limit: 16).compactMap { stage in
            let decoder = try decoder(stage)
            if case .replace(_, let content) = decoder { growth *= max(1, content.count) }
            guard growth <= 1024 else {
                throw stage.fault("the decoder could make a text more than 1024 times as long")
            }
            return decoder
        }
    }

    private static func decoder(_ stage: JSONCursor) throws -> Decoder? {
        let kind: Kind = try stage.stageType("decoder")
        var fields = try stage.fields()
        switch kind {
        case .wordPiece:
            return .wordPiece(
                WordPieceDecoder(
                    prefix: try fields.optional("prefix")?.string() ?? "##",
                    cleansUp: try fields.optional("cleanup")?.bool() ?? true))
        case .byteLevel: return .byteLevel
        case .metaspace: return .metaspace(try Metaspace(stage))
        case .bytePairEncoding: return .bytePairEncoding(suffix: try fields.optional("suffix")?.string() ?? "</w>")
        case .byteFallback: return .byteFallback
        case .fuse: return .fuse
        case .strip:
            return .strip(
                content: try fields.required("content").scalar(),
                start: try fields.required("start").integer(in: 0...stripLimit),
                stop: try fields.required("stop").integer(in: 0...stripLimit))
        case .replace:
            return .replace(
                try fields.required("pattern").pattern(), by: Array(try fields.required("content").shortString().utf8))
        case .sequence: return nil
        }
    }
}
