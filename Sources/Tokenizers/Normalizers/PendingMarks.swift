/// Combining marks behind a starter that wait for their canonical order (Unicode Standard, section 3.11).
///
/// The reference counts offsets by place, not by mark: where marks change places, the first to come out is said to come
/// from where the first went in.
struct PendingMarks {
    /// A combining mark.
    struct Mark {
        let scalar: Unicode.Scalar
        let kind: ScalarClass
        /// The position of the original scalar that it is, or is a part of.
        let origin: Int32
        /// It is the first part of that original scalar.
        let isFirstPart: Bool
    }

    private var marks: [Mark] = []

    var isEmpty: Bool { marks.isEmpty }

    /// Adds a mark whose combining class is not 0.
    mutating func append(_ mark: Mark) { marks.append(mark) }

    /// Takes all marks out, by combining class and, within one, as they came.
    mutating func removeAllInOrder(_ body: (Mark, _ origin: Int32) -> Void) {
        guard marks.count > 1 else {
            for mark in marks { body(mark, mark.origin) }
            marks.removeAll(keepingCapacity: true)
            return
        }
        let classes = marks.map { $0.scalar.properties.canonicalCombiningClass.rawValue }
        let order = marks.indices.sorted { (classes[$0], $0) < (classes[$1], $1) }
        var origins = marks.lazy.filter(\.isFirstPart).map(\.origin).makeIterator()
        var origin = marks[0].isFirstPart ? max(marks[0].origin - 1, 0) : marks[0].origin
        for index in order {
            if marks[index].isFirstPart, let next = origins.next() { origin = next }
            body(marks[index], origin)
        }
        marks.removeAll(keepingCapacity: true)
    }
}
