/// Small letters, scalar by scalar.
enum Lowercase {
    /// Replaces each scalar by its lowercase mapping.
    static func apply(to text: inout NormalizedText) {
        if text.isASCII {
            for index in text.bytes.indices where (0x41...0x5A) ~= text.bytes[index] { text.bytes[index] |= 0x20 }
            return
        }
        text.mapScalars { scalar, origin, output in
            guard scalar.properties.changesWhenLowercased else { return output.append(scalar, origin: origin) }
            for small in scalar.properties.lowercaseMapping.unicodeScalars { output.append(small, origin: origin) }
        }
    }
}
