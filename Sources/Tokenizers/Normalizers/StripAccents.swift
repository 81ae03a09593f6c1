/// Drops combining marks; what is composed must be decomposed before.
enum StripAccents {
    /// Drops the marks.
    static func apply(to text: inout NormalizedText) {
        if text.isASCII { return }
        text.mapScalars { scalar, origin, output in
            if !isMark(scalar) { output.append(scalar, origin: origin) }
        }
    }

    /// The general category M of Unicode 9.0, which the reference's tables have.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x300: return false
        // Other letters today; spacing marks in 9.0.
        case 0x1CF2, 0x1CF3: return true
        // A nonspacing mark today; other punctuation in 9.0.
        case 0x111C9: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return scalar.isAssigned(inVersion: 9)
        default: return false
        }
    }
}
