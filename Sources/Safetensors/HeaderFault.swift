/// The rule of the safetensors format that a file breaks.
public enum HeaderFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file is shorter than the eight bytes of the header's length.
    case tooShort(bytes: Int)
    /// The header's length is above the limit.
    case headerTooLarge(length: UInt64, limit: Int)
    /// The header's length is more than the rest of the file.
    case headerBeyondFile(length: Int, available: Int)
    /// The header does not begin with `{`.
    case notAnObject
    /// The header is not UTF-8.
    case notUTF8
    /// The header is not JSON, or has a key twice.
    case notJSON(reason: String)
    /// `__metadata__` is not an object of strings.
    case invalidMetadata
    /// Two names are the same text in different Unicode composition.
    case sameName(name: String)
    /// A tensor's entry lacks a field or has one of the wrong type.
    case invalidEntry(name: String, field: String, expected: String)
    /// A tensor has an element type that the format does not know.
    case unknownElement(name: String, element: String)
    /// The product of a tensor's shape, or its size, overflows.
    case sizeOverflow(name: String)
    /// A tensor of 4 or 6 bit elements does not end on a byte.
    case notWholeBytes(name: String)
    /// A tensor does not begin where the one before it ends, or ends before it begins.
    case offsetsNotContiguous(name: String, begin: Int, end: Int, expected: Int)
    /// The bytes that the offsets span are not what shape and element type need.
    case sizeMismatch(name: String, needed: Int, given: Int)
    /// The tensors do not cover the data section exactly.
    case dataNotCovered(tensors: Int, data: Int)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .tooShort(let bytes): "it has \(bytes) bytes, fewer than the eight of the header's length"
        case .headerTooLarge(let length, let limit): "its header claims \(length) bytes, above the limit of \(limit)"
        case .headerBeyondFile(let length, let available):
            "its header claims \(length) bytes, but only \(available) follow"
        case .notAnObject: "its header does not begin with {"
        case .notUTF8: "its header is not UTF-8"
        case .notJSON(let reason): "its header is not valid JSON: \(reason)"
        case .invalidMetadata: "__metadata__ is not an object of strings"
        case .sameName(let name): "two tensors are named \"\(name)\", composed of different Unicode characters"
        case .invalidEntry(let name, let field, let expected):
            "tensor \"\(name)\": \(field) is missing or is not \(expected)"
        case .unknownElement(let name, let element): "tensor \"\(name)\": unknown dtype \"\(element)\""
        case .sizeOverflow(let name): "tensor \"\(name)\": the size that its shape gives overflows"
        case .notWholeBytes(let name): "tensor \"\(name)\": its elements do not fill whole bytes"
        case .offsetsNotContiguous(let name, let begin, let end, let expected):
            "tensor \"\(name)\": data_offsets [\(begin), \(end)] do not continue at \(expected)"
        case .sizeMismatch(let name, let needed, let given):
            "tensor \"\(name)\": its shape needs \(needed) bytes, its data_offsets span \(given)"
        case .dataNotCovered(let tensors, let data):
            "its tensors cover \(tensors) bytes, but \(data) bytes of data are there"
        }
    }
}
