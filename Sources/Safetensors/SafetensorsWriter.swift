internal import Foundation
internal import JSON

/// Writes safetensors files of Float32 tensors, byte for byte as the Python package does for the same tensors:
/// sorted by name, the header padded with spaces to eight bytes.
public struct SafetensorsWriter {
    private let entries: [SafetensorsEntry]
    private let header: [UInt8]

    /// Lays out a file.
    ///
    /// - Parameters:
    ///   - entries: the tensors in any order; names are unique.
    ///   - metadata: what stands under `__metadata__`; `transformers` asks for `format: pt`.
    /// - Throws: ``SafetensorsError/unwritable(name:reason:)``.
    public init(
        _ entries: [SafetensorsEntry], metadata: [String: String] = ["format": "pt"]
    ) throws(SafetensorsError) {
        let sorted = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.entries = sorted
        header = try Self.header(of: sorted, metadata: metadata)
    }

    /// The size of the whole file in bytes.
    public var byteCount: Int { entries.reduce(header.count) { $0 + $1.values.count * 4 } }

    /// Writes the file to an open descriptor, from its current position.
    ///
    /// - Parameters:
    ///   - descriptor: open for writing; stays open and is not synchronised.
    ///   - path: what errors call it.
    /// - Throws: ``SafetensorsError/system(operation:path:errno:message:)``.
    public func write(to descriptor: Int32, path: String = "the file") throws(SafetensorsError) {
        try Self.writeAll(header, to: descriptor, path)
        for entry in entries {
            #if _endian(little)
                try Self.writeAll(UnsafeRawBufferPointer(entry.values), to: descriptor, path)
            #else
                try Self.writeAll(entry.values.map(\.bitPattern.littleEndian), to: descriptor, path)
            #endif
        }
    }

    /// Writes a new file and synchronises it with the disk; an existing file is never replaced.
    ///
    /// - Throws: ``SafetensorsError/system(operation:path:errno:message:)``; what was begun is removed.
    public func write(toNewFile path: String) throws(SafetensorsError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .last("create", path) }
        do throws(SafetensorsError) {
            try write(to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw .last("synchronise", path) }
        } catch {
            close(descriptor)
            unlink(path)
            throw error
        }
        guard close(descriptor) == 0 else { throw .last("close", path) }
    }

    private static func header(
        of entries: [SafetensorsEntry], metadata: [String: String]
    ) throws(SafetensorsError) -> [UInt8] {
        var members = JSONObject()
        if !metadata.isEmpty {
            let sorted = metadata.sorted { $0.key < $1.key }
            members["__metadata__"] = .object(JSONObject(sorted.map { ($0.key, .string($0.value)) }))
        }
        var offset = 0
        for entry in entries {
            try check(entry, among: members)
            let end = offset + entry.values.count * 4
            members[entry.name] = [
                "dtype": .string(TensorElement.float32.rawValue),
                "shape": .array(entry.shape.map { JSONValue($0) }),
                "data_offsets": [JSONValue(offset), JSONValue(end)],
            ]
            offset = end
        }
        var text = JSONValue.object(members).bytes
        let alignment = SafetensorsHeader.lengthSize
        text.append(contentsOf: repeatElement(0x20, count: (alignment - text.count % alignment) % alignment))
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }

    private static func check(_ entry: SafetensorsEntry, among members: JSONObject) throws(SafetensorsError) {
        guard entry.name != "__metadata__" else {
            throw .unwritable(name: entry.name, reason: "the format keeps this name for itself")
        }
        guard members[entry.name] == nil else {
            throw .unwritable(name: entry.name, reason: "the name stands twice")
        }
        guard entry.shape.allSatisfy({ $0 >= 0 }), entry.shape.reduce(1, *) == entry.values.count else {
            throw .unwritable(
                name: entry.name, reason: "its shape \(entry.shape) does not hold \(entry.values.count) values")
        }
    }

    private static func writeAll<Element: BitwiseCopyable>(
        _ values: [Element], to descriptor: Int32, _ path: String
    ) throws(SafetensorsError) {
        let result = values.withUnsafeBytes { buffer in
            Result { () throws(SafetensorsError) in try writeAll(buffer, to: descriptor, path) }
        }
        try result.get()
    }

    private static func writeAll(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String
    ) throws(SafetensorsError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // One call writes at most 2 GiB on Linux; a smaller piece keeps signals prompt.
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(64 << 20))
            let written = Foundation.write(descriptor, piece.baseAddress, piece.count)
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                throw .last("write", path)
            }
        }
    }
}
