/// What can be wrong with a safetensors file or a directory of them.
public enum SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A call to the system failed; `operation` names it.
    case system(operation: String, path: String, errno: Int32, message: String)
    /// The file breaks a rule of the format.
    case malformed(path: String, fault: HeaderFault)
    /// No tensor has this name.
    case missingTensor(name: String, path: String)
    /// The tensor's elements cannot be converted to Float32.
    case unreadableElement(name: String, element: TensorElement)
    /// The buffer given for a tensor has another number of elements.
    case wrongBufferSize(name: String, shape: [Int], buffer: Int)
    /// The index of a sharded checkpoint is not usable.
    case malformedIndex(path: String, reason: String)
    /// The directory has neither `model.safetensors` nor an index of shards.
    case noWeights(path: String)
    /// What is to be written contradicts itself.
    case unwritable(name: String, reason: String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .system(let operation, let path, _, let message): "Cannot \(operation) \(path): \(message)."
        case .malformed(let path, let fault):
            "\(path) is not a valid safetensors file: \(fault). Download or export it again."
        case .missingTensor(let name, let path): "\(path) has no tensor \"\(name)\"."
        case .unreadableElement(let name, let element):
            "Tensor \"\(name)\" has elements of type \(element.rawValue); only F32, F16 and BF16 can be read."
        case .wrongBufferSize(let name, let shape, let buffer):
            "Tensor \"\(name)\" has shape \(shape), but the buffer given for it holds \(buffer) elements."
        case .malformedIndex(let path, let reason): "\(path) is not a valid index of shards: \(reason)."
        case .noWeights(let path):
            "\(path) has no weights: neither model.safetensors nor model.safetensors.index.json is there. "
                + "Weights in other formats (pickle) are never read; convert them to safetensors."
        case .unwritable(let name, let reason): "Tensor \"\(name)\" cannot be written: \(reason)."
        }
    }
}
