internal import Foundation
internal import JSON

/// The weights of a Hugging Face model directory: `model.safetensors`, or the shards that
/// `model.safetensors.index.json` names, under one lookup.
public final class SafetensorsDirectory: Sendable {
    /// The directory.
    public let path: String
    /// The files that hold the weights: one, or the shards in the order of their names.
    public let files: [SafetensorsFile]
    private let owners: [String: Int]

    /// The largest index of shards to read, in bytes.
    static let indexLimit = 64 << 20

    /// Opens the weights of a directory; a single file is preferred to shards, as `transformers` does.
    ///
    /// - Throws: ``SafetensorsError``; ``SafetensorsError/noWeights(path:)`` where there are none.
    public init(path: String) throws(SafetensorsError) {
        self.path = path
        let single = path + "/model.safetensors"
        let index = path + "/model.safetensors.index.json"
        if access(single, F_OK) == 0 {
            let file = try SafetensorsFile(path: single)
            files = [file]
            owners = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, 0) })
        } else if access(index, F_OK) == 0 {
            (files, owners) = try Self.shards(of: index, in: path)
        } else {
            throw .noWeights(path: path)
        }
    }

    /// The names of all tensors, sorted.
    public var names: [String] { owners.keys.sorted() }

    /// The tensor of this name, or nil.
    public func tensor(named name: String) -> TensorInfo? {
        owners[name].flatMap { files[$0].tensor(named: name) }
    }

    /// Converts a tensor to Float32.
    ///
    /// - Parameter target: as many elements as the tensor has.
    /// - Throws: as ``SafetensorsFile/read(_:into:)``.
    public func read(_ name: String, into target: UnsafeMutableBufferPointer<Float>) throws(SafetensorsError) {
        guard let owner = owners[name] else { throw .missingTensor(name: name, path: path) }
        try files[owner].read(name, into: target)
    }

    /// Reads a tensor as an array of Float32, for small tensors and tests.
    ///
    /// - Throws: as ``read(_:into:)``.
    public func floats(_ name: String) throws(SafetensorsError) -> [Float] {
        guard let owner = owners[name] else { throw .missingTensor(name: name, path: path) }
        return try files[owner].floats(name)
    }

    private static func shards(
        of indexPath: String, in directory: String
    ) throws(SafetensorsError) -> ([SafetensorsFile], [String: Int]) {
        let map = try weightMap(indexPath)
        let shardNames = Set(map.map(\.shard)).sorted()
        var files: [SafetensorsFile] = []
        for name in shardNames { files.append(try SafetensorsFile(path: directory + "/" + name)) }
        let numbers = Dictionary(uniqueKeysWithValues: shardNames.enumerated().map { ($1, $0) })
        var owners: [String: Int] = [:]
        for (tensor, shard) in map {
            let number = numbers[shard]!
            guard files[number].tensor(named: tensor) != nil else {
                throw .missingTensor(name: tensor, path: files[number].path)
            }
            owners[tensor] = number
        }
        return (files, owners)
    }

    /// The index's `weight_map`: each tensor's file, a plain name beside the index.
    private static func weightMap(_ path: String) throws(SafetensorsError) -> [(tensor: String, shard: String)] {
        let mapping = try MappedFile(path: path)
        let document: JSONValue
        do {
            document = try JSONValue(parsing: mapping.bytes, limits: JSONLimits(bytes: indexLimit))
        } catch {
            throw .malformedIndex(path: path, reason: error.description)
        }
        guard case .object(let members)? = document["weight_map"], !members.isEmpty else {
            throw .malformedIndex(path: path, reason: "weight_map is missing, empty, or not an object")
        }
        var map: [(tensor: String, shard: String)] = []
        for member in members.members {
            guard case .string(let shard) = member.value else {
                throw .malformedIndex(path: path, reason: "the file of \"\(member.name)\" is not a string")
            }
            guard shard.hasSuffix(".safetensors"), !shard.utf8.contains(where: { $0 == 0x2F || $0 == 0 }) else {
                throw .malformedIndex(
                    path: path, reason: "\"\(shard)\" is not the name of a .safetensors file beside the index")
            }
            map.append((member.name, shard))
        }
        return map
    }
}
