/// The parameters after `?`, in order, names and values decoded.
public struct Query: Sendable, Hashable, Sequence {
    /// One `name=value`; without `=` the value is empty.
    public struct Parameter: Hashable, Sendable {
        /// The decoded name, such as `metadata[a]`.
        public let name: String
        /// The decoded value.
        public let value: String
    }

    /// All parameters in order.
    public let parameters: [Parameter]

    /// Reads the text after `?`. Bytes that are no UTF-8 become U+FFFD.
    public init(_ text: some StringProtocol) {
        parameters = text.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = pair[..<(equals ?? pair.endIndex)]
            let value = equals.map { pair[pair.index(after: $0)...] }
            return Parameter(name: Self.decode(name), value: value.map(Self.decode) ?? "")
        }
    }

    /// The value of the first parameter of a name.
    public func first(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// The values of all parameters of a name.
    public func all(_ name: String) -> [String] {
        parameters.filter { $0.name == name }.map(\.value)
    }

    /// The parameters in order.
    public func makeIterator() -> IndexingIterator<[Parameter]> { parameters.makeIterator() }

    private static func decode(_ text: some Collection<UInt8>) -> String {
        String(decoding: PercentEncoding.decode(text, plusIsSpace: true) ?? Array(text), as: UTF8.self)
    }
}
