internal import Foundation
internal import JSON

/// Reads the member `normalizer`.
enum NormalizerReader {
    private enum Kind: String, CaseIterable {
        case bert = "BertNormalizer"
        case decomposed = "NFD"
        case composed = "NFC"
        case compatiblyDecomposed = "NFKD"
        case compatiblyComposed = "NFKC"
        case lowercase = "Lowercase"
        case stripAccents = "StripAccents"
        case strip = "Strip"
        case replace = "Replace"
        case prepend = "Prepend"
        case precompiled = "Precompiled"
        case nmt = "Nmt"
        case byteLevel = "ByteLevel"
        case sequence = "Sequence"
    }

    /// How many times longer replacements may make a text.
    private static let growthLimit = 256

    /// The stages, in order.
    static func read(_ cursor: JSONCursor) throws -> [Normalizer] {
        var growth = 1
        return try cursor.stages("normalizers").compactMap { stage in
            let normalizer = try normalizer(stage)
            switch normalizer {
            case .replace(_, let content): growth *= max(1, content.count)
            case .prepend(let prefix): growth *= 1 + prefix.count
            case .byteLevel: growth *= 2
            default: break
            }
            guard growth <= growthLimit else {
                throw stage.fault("the normalizer could make a text more than \(growthLimit) times as long")
            }
            return normalizer
        }
    }

    private static func normalizer(_ stage: JSONCursor) throws -> Normalizer? {
        let kind: Kind = try stage.stageType("normalizer")
        var fields = try stage.fields()
        switch kind {
        case .bert:
            return .bert(
                BertNormalizer(
                    cleanText: try fields.optional("clean_text")?.bool() ?? true,
                    handleChineseCharacters: try fields.optional("handle_chinese_chars")?.bool() ?? true,
                    stripAccents: try fields.optional("strip_accents")?.bool(),
                    lowercase: try fields.optional("lowercase")?.bool() ?? true))
        case .decomposed, .composed, .compatiblyDecomposed, .compatiblyComposed:
            return UnicodeForm(rawValue: kind.rawValue).map(Normalizer.unicode)
        case .lowercase: return .lowercase
        case .stripAccents: return .stripAccents
        case .strip:
            return .strip(
                left: try fields.optional("strip_left")?.bool() ?? true,
                right: try fields.optional("strip_right")?.bool() ?? true)
        case .replace:
            return .replace(
                try fields.required("pattern").pattern(), by: Array(try fields.required("content").shortString().utf8))
        case .prepend: return .prepend(Array(try fields.required("prepend").shortString().utf8))
        case .precompiled: return try precompiled(fields.optional("precompiled_charsmap"))
        case .nmt: return .nmt
        case .byteLevel: return .byteLevel
        case .sequence: return nil
        }
    }

    private static func precompiled(_ cursor: JSONCursor?) throws -> Normalizer? {
        guard let cursor else { return nil }
        guard let blob = Data(base64Encoded: try cursor.string()), let map = Precompiled(blob: [UInt8](blob)) else {
            throw cursor.fault("it is not a compiled map of characters in base64")
        }
        return .precompiled(map)
    }
}
