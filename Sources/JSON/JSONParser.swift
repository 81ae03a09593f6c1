#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension JSONValue {
    /// Reads a JSON text (RFC 8259): UTF-8 without byte order mark, one value, unique member names.
    ///
    /// - Throws: ``JSONSyntaxError`` with the position of the first fault.
    /// - Complexity: O(n); the stack grows only to `limits.depth`.
    public init(parsing bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
        guard bytes.count <= limits.bytes else {
            throw JSONSyntaxError(reason: "the text is longer than \(limits.bytes) bytes", offset: limits.bytes)
        }
        var parser = JSONParser(bytes: bytes, depthLimit: limits.depth)
        self = try parser.document()
    }

    /// Reads a JSON text from bytes.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(JSONSyntaxError) in try JSONValue(parsing: buffer, limits: limits) }
        }
        self = try result.get()
    }

    /// Reads a JSON text from a string.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive-descent reader over bytes that outlive it.
private struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    let depthLimit: Int
    var position = 0
    var depth = 0

    init(bytes: UnsafeRawBufferPointer, depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw fault("a byte order mark is not JSON") }
        skipSpace()
        let value = try value()
        skipSpace()
        if position < bytes.count { throw fault("expected the end of the text") }
        return value
    }

    private func fault(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(reason: reason, offset: position) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        switch current {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"): return try number()
        case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): return try number()
        case nil: throw fault("the text ends where a value should be")
        default: throw fault("expected a value")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: letters) else { throw fault("expected a value") }
        position += letters.count
        return value
    }

    private mutating func enter() throws(JSONSyntaxError) {
        depth += 1
        if depth > depthLimit { throw fault("nested more than \(depthLimit) levels deep") }
        position += 1
        skipSpace()
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var elements: [JSONValue] = []
        if current == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            skipSpace()
            if current == UInt8(ascii: "]") {
                position += 1
                return .array(elements)
            }
            guard current == UInt8(ascii: ",") else { throw fault("expected \",\" or \"]\" in an array") }
            position += 1
            skipSpace()
        }
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var object = JSONObject()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object(object)
        }
        while true {
            guard current == UInt8(ascii: "\"") else { throw fault("expected a member name in double quotes") }
            let start = position
            let name = try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw fault("expected \":\" behind a member name") }
            position += 1
            skipSpace()
            let value = try value()
            if !object.append(name, value) {
                throw JSONSyntaxError(reason: "the member name \"\(name.prefix(60))\" stands twice", offset: start)
            }
            skipSpace()
            if current == UInt8(ascii: "}") {
                position += 1
                return .object(object)
            }
            guard current == UInt8(ascii: ",") else { throw fault("expected \",\" or \"}\" in an object") }
            position += 1
            skipSpace()
        }
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        if current == UInt8(ascii: "0") { position += 1 } else { try digits() }
        var whole = true
        if current == UInt8(ascii: ".") {
            whole = false
            position += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            whole = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        if whole, text != "-0", let integer = Int64(text) { return .integer(integer) }
        let value = strtod(text, nil)
        guard value.isFinite else {
            throw JSONSyntaxError(reason: "the number is too large", offset: start)
        }
        return .number(value)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        if position == start { throw fault("expected a digit") }
    }

    /// A string; the position is at its opening quote.
    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if current == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try text(of: bytes[start..<position], from: start)
        }
        var decoded = Array(bytes[start..<position])
        while true {
            switch current {
            case nil: throw fault("the text ends inside a string")
            case UInt8(ascii: "\""):
                position += 1
                return try decoded.withUnsafeBytesTyped { raw throws(JSONSyntaxError) in
                    try text(of: raw[...], from: start)
                }
            case UInt8(ascii: "\\"): try escape(into: &decoded)
            case let byte? where byte < 0x20: throw fault("a control character in a string must be escaped")
            case let byte?:
                decoded.append(byte)
                position += 1
            }
        }
    }

    private func text(of slice: Slice<UnsafeRawBufferPointer>, from start: Int) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: UnsafeRawBufferPointer(rebasing: slice), as: UTF8.self) else {
            throw JSONSyntaxError(reason: "a string is not valid UTF-8", offset: start)
        }
        return text
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(JSONSyntaxError) {
        position += 1
        guard let byte = current else { throw fault("the text ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): decoded.append(contentsOf: Array(String(try escapedScalar()).utf8))
        default:
            position -= 1
            throw fault("unknown escape in a string")
        }
    }

    /// The scalar behind `\u`, a surrogate pair taken together; half a pair is refused, as no UTF-8 text can hold it.
    private mutating func escapedScalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let high = try fourHexDigits()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, current == UInt8(ascii: "\\") else { throw fault("half a surrogate pair in a string") }
        position += 1
        guard current == UInt8(ascii: "u") else { throw fault("half a surrogate pair in a string") }
        position += 1
        let low = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw fault("half a surrogate pair in a string") }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("expected four hexadecimal digits behind \\u")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` with a typed throw.
    fileprivate func withUnsafeBytesTyped<Value>(
        _ body: (UnsafeRawBufferPointer) throws(JSONSyntaxError) -> Value
    ) throws(JSONSyntaxError) -> Value {
        let result = withUnsafeBytes { buffer in Result { () throws(JSONSyntaxError) in try body(buffer) } }
        return try result.get()
    }
}
