public import Safetensors

/// A file of a model's directory that is still to be written.
public struct ModelFile {
    /// Where its bytes come from.
    public enum Content {
        /// Tensors as safetensors.
        case tensors([SafetensorsEntry])
        /// Text in UTF-8.
        case text(String)
        /// The bytes of another file, by path.
        case copy(String)
        /// Bytes.
        case bytes([UInt8])
    }

    /// Its path within the directory, such as `config.json` or `1_Pooling/config.json`.
    public let name: String
    /// Where its bytes come from.
    public let content: Content

    /// Whether it is a copy of another file.
    var isCopy: Bool { if case .copy = content { true } else { false } }

    /// A file to be written.
    public init(_ name: String, _ content: Content) {
        self.name = name
        self.content = content
    }
}
