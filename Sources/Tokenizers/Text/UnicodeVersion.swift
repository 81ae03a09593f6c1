extension Unicode.Scalar {
    /// Whether the scalar was assigned in a version of Unicode.
    func isAssigned(inVersion major: Int, _ minor: Int = 0) -> Bool {
        guard let age = properties.age else { return false }
        return (age.major, age.minor) <= (major, minor)
    }

    /// `\w` of regular expressions (Unicode Technical Standard 18, annex C), of Unicode 16 as the reference has it.
    var isWordCharacter: Bool {
        if value < 0x80 {
            switch value {
            case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: return true
            default: return false
            }
        }
        guard isAssigned(inVersion: 16) else { return false }
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return false
        }
    }
}
