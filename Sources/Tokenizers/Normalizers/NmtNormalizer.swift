/// The clean-up of SentencePiece's `nmt` rules: drops control characters, makes odd white space a space.
enum NmtNormalizer {
    /// Cleans a text.
    static func apply(to text: inout NormalizedText) {
        text.mapScalars { scalar, origin, output in
            switch scalar.value {
            case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: return
            case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
                output.append(byte: 0x20, origin: origin)
            default: output.append(scalar, origin: origin)
            }
        }
    }
}
