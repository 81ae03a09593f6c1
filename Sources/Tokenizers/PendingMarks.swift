/// Combining marks behind a starter that wait for their canonical order (Unicode Standard, section 3.11).
struct PendingMarks {
    private struct Mark {
        let scalar: Unicode.Scalar
        let combiningClass: UInt8
        let origin: Int32
    }

    private var marks: [Mark] = []

    var isEmpty: Bool { marks.isEmpty }

    /// Adds a mark whose combining class is not 0.
    mutating func append(_ scalar: Unicode.Scalar, origin: Int32) {
        let combiningClass = scalar.properties.canonicalCombiningClass.rawValue
        marks.append(Mark(scalar: scalar, combiningClass: combiningClass, origin: origin))
    }

    /// Takes all marks out, by combining class and, within one, as they came.
    mutating func removeAllInOrder(_ body: (Unicode.Scalar, Int32) -> Void) {
        let order = marks.indices.sorted { (marks[$0].combiningClass, $0) < (marks[$1].combiningClass, $1) }
        for index in order { body(marks[index].scalar, marks[index].origin) }
        marks.removeAll(keepingCapacity: true)
    }
}
