/// A safetensors file, mapped read-only; its header was checked in full when it was opened.
///
/// Format: https://github.com/huggingface/safetensors (README, "Format").
public final class SafetensorsFile: Sendable {
    /// The path that was opened.
    public let path: String
    /// The header: tensors and metadata.
    public let header: SafetensorsHeader
    private let mapping: MappedFile
    private let index: [String: Int]

    /// Opens a file and checks its header.
    ///
    /// - Throws: ``SafetensorsError/system(operation:path:errno:message:)`` where it cannot be opened,
    ///   ``SafetensorsError/malformed(path:fault:)`` where it breaks the format.
    public init(path: String) throws(SafetensorsError) {
        let mapping = try MappedFile(path: path)
        do {
            header = try SafetensorsHeader(parsing: mapping.bytes)
        } catch {
            throw .malformed(path: path, fault: error)
        }
        self.path = path
        self.mapping = mapping
        index = Dictionary(uniqueKeysWithValues: header.tensors.enumerated().map { ($1.name, $0) })
    }

    /// The tensors in the order of their data.
    public var tensors: [TensorInfo] { header.tensors }

    /// The header's `__metadata__`, for example `format: pt`.
    public var metadata: [String: String] { header.metadata }

    /// The tensor of this name, or nil.
    public func tensor(named name: String) -> TensorInfo? {
        index[name].map { header.tensors[$0] }
    }

    /// Gives access to a tensor's bytes as they are in the file: little-endian, possibly unaligned.
    ///
    /// - Throws: ``SafetensorsError/missingTensor(name:path:)``, or what `body` throws.
    public func withBytes<Result>(
        of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard let info = tensor(named: name) else { throw SafetensorsError.missingTensor(name: name, path: path) }
        return try body(bytes(of: info))
    }

    /// Converts a tensor to Float32.
    ///
    /// - Parameter target: as many elements as the tensor has.
    /// - Throws: ``SafetensorsError/missingTensor(name:path:)``, ``SafetensorsError/unreadableElement(name:element:)``,
    ///   ``SafetensorsError/wrongBufferSize(name:shape:buffer:)``.
    public func read(_ name: String, into target: UnsafeMutableBufferPointer<Float>) throws(SafetensorsError) {
        guard let info = tensor(named: name) else { throw .missingTensor(name: name, path: path) }
        guard info.count == target.count else {
            throw .wrongBufferSize(name: name, shape: info.shape, buffer: target.count)
        }
        let source = bytes(of: info)
        switch info.element {
        case .float32: Float32Conversion.copyFloat32(source, to: target)
        case .float16: Float32Conversion.widenFloat16(source, to: target)
        case .bfloat16: Float32Conversion.widenBFloat16(source, to: target)
        default: throw .unreadableElement(name: name, element: info.element)
        }
    }

    /// Reads a tensor as an array of Float32, for small tensors and tests.
    ///
    /// - Throws: as ``read(_:into:)``.
    public func floats(_ name: String) throws(SafetensorsError) -> [Float] {
        guard let info = tensor(named: name) else { throw .missingTensor(name: name, path: path) }
        var fault: SafetensorsError?
        let values = [Float](unsafeUninitializedCapacity: info.count) { buffer, count in
            do throws(SafetensorsError) {
                try read(name, into: UnsafeMutableBufferPointer(rebasing: buffer[..<info.count]))
                count = info.count
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        return values
    }

    private func bytes(of info: TensorInfo) -> UnsafeRawBufferPointer {
        let start = header.dataOffset
        return UnsafeRawBufferPointer(
            rebasing: mapping.bytes[(start + info.byteRange.lowerBound)..<(start + info.byteRange.upperBound)])
    }
}
