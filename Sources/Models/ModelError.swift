/// Why a model could not be built or loaded.
public enum ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A field of `config.json` that is missing, of the wrong type or out of range.
    case invalidConfiguration(file: String, reason: String)
    /// A setting that exists in Transformers but not here.
    case unsupported(file: String, field: String, value: String, known: [String])
    /// A file that the model needs cannot be read.
    case unreadable(file: String, reason: String)
    /// A tensor that the model cannot do without.
    case missingTensor(file: String, name: String)
    /// A tensor whose extents are not those the configuration asks for.
    case wrongShape(file: String, name: String, found: [Int], expected: [Int])
    /// A pattern for layers with adapters that no linear layer fits.
    case noSuchLayer(pattern: String, known: [String])
    /// A batch that does not fit the model.
    case invalidBatch(reason: String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .invalidConfiguration(let file, let reason): "\(file): \(reason)"
        case .unsupported(let file, let field, let value, let known):
            "\(file): \(field) \"\(value)\" is not supported; supported: \(known.joined(separator: ", "))"
        case .unreadable(let file, let reason): "\(file): \(reason)"
        case .missingTensor(let file, let name):
            "\(file): tensor \"\(name)\" is missing; is this the file that belongs to config.json?"
        case .wrongShape(let file, let name, let found, let expected):
            "\(file): tensor \"\(name)\" has shape \(found), config.json asks for \(expected)"
        case .noSuchLayer(let pattern, let known):
            "no linear layer of the model fits \"\(pattern)\"; its layers have \(known.joined(separator: ", ")) "
                + "(* stands for any characters)"
        case .invalidBatch(let reason): "batch: \(reason)"
        }
    }
}
