/// Canonical composition (Unicode Standard, section 3.11).
enum CanonicalComposition {
    /// Composes a decomposed text in canonical order.
    ///
    /// Source of the changes' arithmetic: `Recompositions` of the crate `unicode-normalization-alignments`.
    static func composed(_ edits: [ScalarEdit]) -> [ScalarEdit] {
        var result: [ScalarEdit] = []
        result.reserveCapacity(edits.count)
        var starter: ScalarEdit?
        var marks: [ScalarEdit] = []
        var lastClass: UInt8?
        for edit in edits {
            let combiningClass = CombiningClass.of(edit.scalar)
            guard let base = starter else {
                if combiningClass == 0 { starter = edit } else { result.append(edit) }
                continue
            }
            let isBlocked = lastClass.map { $0 >= combiningClass } ?? false
            if !isBlocked, let whole = compose(base.scalar, edit.scalar) {
                starter = ScalarEdit(scalar: whole, change: base.change + edit.change - 1)
            } else if combiningClass == 0, isBlocked || lastClass == nil {
                result.append(base)
                result += marks
                marks.removeAll()
                starter = edit
                lastClass = nil
            } else {
                marks.append(edit)
                lastClass = combiningClass
            }
        }
        if let starter { result.append(starter) }
        return result + marks
    }

    private static func compose(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        let (leading, vowel, syllable) = (first.value &- 0x1100, second.value &- 0x1161, first.value &- 0xAC00)
        if leading < 19, vowel < 21 { return Unicode.Scalar(0xAC00 + (leading * 21 + vowel) * 28) }
        let trailing = second.value &- 0x11A7
        if syllable < 11172, syllable % 28 == 0, trailing > 0, trailing < 28 {
            return Unicode.Scalar(first.value + trailing)
        }
        return pairs[UInt64(first.value) << 32 | UInt64(second.value)]
    }

    /// What two scalars compose to; made once.
    private static let pairs: [UInt64: Unicode.Scalar] = {
        var whole: [[Unicode.Scalar]: Unicode.Scalar] = [:]
        for (composite, parts) in CanonicalDecomposition.all where !composite.properties.isFullCompositionExclusion {
            whole[parts] = composite
        }
        var pairs: [UInt64: Unicode.Scalar] = [:]
        for (parts, composite) in whole {
            let rest = Array(parts.dropLast())
            guard let first = rest.count == 1 ? rest[0] : whole[rest], let last = parts.last else { continue }
            pairs[UInt64(first.value) << 32 | UInt64(last.value)] = composite
        }
        return pairs
    }()
}
