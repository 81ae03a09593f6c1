internal import FineTuning
internal import Foundation
internal import JSON
internal import Models
internal import POSIX

/// What the modules of a sentence-transformers directory say of the encoder in it.
struct SentenceTransformersModules {
    /// How token vectors become one vector; nil where the directory does not say, or says what is not known here.
    let pooling: SentencePooling?
    /// Whether the vectors are scaled to length 1.
    let normalizes: Bool

    /// Reads `modules.json` and the pooling's `config.json`.
    ///
    /// - Returns: nil where the directory is not one of sentence-transformers.
    /// - Throws: `JobError` of code `invalid_model` for a file that is there and cannot be understood.
    init?(directory: String) throws(JobError) {
        let file = "\(directory)/modules.json"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        let modules = try Self.json(file).array ?? []
        func path(of kind: String) -> String? {
            modules.first { $0["type"]?.string?.hasSuffix(".\(kind)") ?? false }?["path"]?.string
        }
        normalizes = path(of: "Normalize") != nil
        pooling =
            if let folder = path(of: "Pooling"), !folder.contains("..") {
                Self.pooling(try Self.json("\(directory)/\(folder)/config.json"))
            } else { nil }
    }

    /// The kind of pooling in either form of the file: `pooling_mode`, or one field for each kind.
    private static func pooling(_ json: JSONValue) -> SentencePooling? {
        if let mode = json["pooling_mode"]?.string { return SentencePooling(rawValue: mode) }
        let fields: [(String, SentencePooling?)] = [
            ("pooling_mode_cls_token", .cls), ("pooling_mode_mean_tokens", .mean), ("pooling_mode_max_tokens", .max),
            ("pooling_mode_mean_sqrt_len_tokens", nil), ("pooling_mode_weightedmean_tokens", nil),
            ("pooling_mode_lasttoken", nil),
        ]
        let chosen = fields.filter { json[$0.0]?.bool ?? false }
        return chosen.count == 1 ? chosen[0].1 : nil
    }

    private static func json(_ path: String) throws(JobError) -> JSONValue {
        do {
            return try JSONValue(parsing: FileDescriptor.open(path).readToEnd())
        } catch {
            throw JobError(.invalidModel, "\(path): \(error)", param: "model")
        }
    }
}
