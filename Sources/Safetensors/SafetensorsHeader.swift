internal import JSON

/// The header of a safetensors file: what it holds and where.
///
/// What is accepted is what the Python package `safetensors` 0.8 accepts, less what the format's own text forbids and
/// that package lets pass: space before the first `{`, a key that stands twice, an entry written as an array. Nor may two
/// names differ only in how their characters are composed, as Swift's strings then are the same; and no product of a shape
/// may need the 64th bit, even if a zero makes it nothing in the end.
public struct SafetensorsHeader: Sendable, Equatable {
    /// The tensors in the order of their data.
    public let tensors: [TensorInfo]
    /// The strings under `__metadata__`.
    public let metadata: [String: String]
    /// Where the data section begins, in bytes from the start of the file.
    public let dataOffset: Int

    /// The largest header that the Python package reads, in bytes.
    public static let sizeLimit = 100_000_000
    static let lengthSize = 8
    /// How deeply the Python package reads what stands in fields that it does not know.
    private static let depthLimit = 127

    /// Reads and checks the header of a whole file.
    ///
    /// - Parameters:
    ///   - file: all bytes of the file.
    ///   - sizeLimit: the largest header to read, in bytes.
    /// - Throws: the rule that the file breaks.
    /// - Complexity: O(n log n) in the header's size; the data is not touched.
    public init(
        parsing file: UnsafeRawBufferPointer, sizeLimit: Int = SafetensorsHeader.sizeLimit
    ) throws(HeaderFault) {
        let text = try Self.text(in: file, sizeLimit: sizeLimit)
        let document: JSONValue
        do {
            document = try JSONValue(parsing: text, limits: JSONLimits(depth: Self.depthLimit))
        } catch {
            throw .notJSON(reason: error.description)
        }
        guard case .object(let members) = document else { throw .notAnObject }

        var tensors: [TensorInfo] = []
        var metadata: [String: String] = [:]
        tensors.reserveCapacity(members.count)
        var names: Set<String> = []
        for member in members.members {
            guard names.insert(member.name).inserted else { throw .sameName(name: member.name) }
            if member.name == "__metadata__" {
                metadata = try Self.metadata(member.value)
            } else {
                tensors.append(try TensorInfo(name: member.name, entry: member.value))
            }
        }
        tensors.sort {
            ($0.byteRange.lowerBound, $0.byteRange.upperBound) < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
        }
        let dataOffset = Self.lengthSize + text.count
        try Self.checkCoverage(of: tensors, dataSize: file.count - dataOffset)
        self.tensors = tensors
        self.metadata = metadata
        self.dataOffset = dataOffset
    }

    /// The header's JSON text, its length checked against the limit and the file.
    private static func text(
        in file: UnsafeRawBufferPointer, sizeLimit: Int
    ) throws(HeaderFault) -> UnsafeRawBufferPointer {
        guard file.count >= lengthSize else { throw .tooShort(bytes: file.count) }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(sizeLimit) else { throw .headerTooLarge(length: length, limit: sizeLimit) }
        let available = file.count - lengthSize
        guard length <= UInt64(available) else {
            throw .headerBeyondFile(length: Int(length), available: available)
        }
        let text = UnsafeRawBufferPointer(rebasing: file[lengthSize..<(lengthSize + Int(length))])
        guard text.first == UInt8(ascii: "{") else { throw .notAnObject }
        guard String(validating: text, as: UTF8.self) != nil else { throw .notUTF8 }
        return text
    }

    private static func metadata(_ value: JSONValue) throws(HeaderFault) -> [String: String] {
        if value.isNull { return [:] }
        guard case .object(let members) = value else { throw .invalidMetadata }
        var metadata: [String: String] = [:]
        for member in members.members {
            guard case .string(let text) = member.value else { throw .invalidMetadata }
            metadata[member.name] = text
        }
        return metadata
    }

    /// Every tensor begins where the one before it ends, and the last ends where the file does.
    private static func checkCoverage(of tensors: [TensorInfo], dataSize: Int) throws(HeaderFault) {
        var end = 0
        for tensor in tensors {
            guard tensor.byteRange.lowerBound == end else {
                throw .offsetsNotContiguous(
                    name: tensor.name, begin: tensor.byteRange.lowerBound, end: tensor.byteRange.upperBound,
                    expected: end)
            }
            end = tensor.byteRange.upperBound
        }
        guard end == dataSize else { throw .dataNotCovered(tensors: end, data: dataSize) }
    }
}

extension TensorInfo {
    /// Reads one entry of the header: `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`.
    fileprivate init(name: String, entry: JSONValue) throws(HeaderFault) {
        guard case .object(let fields) = entry else {
            throw .invalidEntry(name: name, field: "its entry", expected: "an object")
        }
        guard case .string(let spelling)? = fields["dtype"] else {
            throw .invalidEntry(name: name, field: "dtype", expected: "a string")
        }
        guard let element = TensorElement(rawValue: spelling) else {
            throw .unknownElement(name: name, element: String(spelling.prefix(60)))
        }
        guard let shape = fields["shape"]?.naturalNumbers else {
            throw .invalidEntry(name: name, field: "shape", expected: "an array of whole numbers from 0")
        }
        guard let offsets = fields["data_offsets"]?.naturalNumbers, offsets.count == 2 else {
            throw .invalidEntry(name: name, field: "data_offsets", expected: "an array of two whole numbers from 0")
        }
        guard offsets[0] <= offsets[1] else {
            throw .offsetsNotContiguous(name: name, begin: offsets[0], end: offsets[1], expected: offsets[0])
        }
        let needed = try Self.byteCount(name: name, element: element, shape: shape)
        guard needed == offsets[1] - offsets[0] else {
            throw .sizeMismatch(name: name, needed: needed, given: offsets[1] - offsets[0])
        }
        self.init(name: name, element: element, shape: shape, byteRange: offsets[0]..<offsets[1])
    }

    private static func byteCount(
        name: String, element: TensorElement, shape: [Int]
    ) throws(HeaderFault) -> Int {
        var bits = 1
        for factor in shape + [element.bitCount] {
            let (product, overflow) = bits.multipliedReportingOverflow(by: factor)
            guard !overflow else { throw .sizeOverflow(name: name) }
            bits = product
        }
        guard bits % 8 == 0 else { throw .notWholeBytes(name: name) }
        return bits / 8
    }
}

extension JSONValue {
    /// The elements of an array of integers ≥ 0, or nil.
    fileprivate var naturalNumbers: [Int]? {
        guard case .array(let elements) = self else { return nil }
        var numbers: [Int] = []
        numbers.reserveCapacity(elements.count)
        for element in elements {
            guard case .integer(let value) = element, value >= 0, let number = Int(exactly: value) else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
