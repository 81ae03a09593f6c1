internal import CKernels

/// The places of one matrix of a parameter, or of a vector, in the memory of ``Adafactor``.
struct AdafactorMatrix {
    /// Some rows of a matrix: a task.
    struct Piece {
        var matrix: Int
        var number: Int
        var firstRow: Int
        var rows: Int
    }

    /// Index of the parameter in the store.
    let parameter: Int
    /// Number among the matrices of the parameter.
    let number: Int
    let isVector: Bool
    let rows: Int
    let columns: Int
    /// First element in the slabs of values and of gradients.
    let value: Int
    let gradient: Int
    /// Places in the slab of moments: (rows) and (columns); a vector has only the latter.
    let rowMoments: Int
    let columnMoments: Int
    /// Places in the scratch slab: (rows), (columns) and (pieces × columns).
    let rowFactors: Int
    let columnFactors: Int
    let partials: Int

    /// The matrices over the last two extents of a trainable parameter.
    static func matrices(of parameter: Parameter, moments: inout Int, scratch: inout Int) -> [AdafactorMatrix] {
        guard let gradient = parameter.gradientRange else { return [] }
        let extents = parameter.shape.extents
        let isVector = extents.count < 2
        let columns = isVector ? parameter.count : parameter.shape.columns
        let rows = isVector ? 1 : extents[extents.count - 2]
        let count = rows * columns == 0 ? 0 : parameter.count / (rows * columns)
        let columnStart = moments + (isVector ? 0 : count * rows)
        defer { moments = columnStart + count * columns }
        return (0..<count).map { number in
            let pieces = (rows + rowsPerPiece(columns) - 1) / rowsPerPiece(columns)
            let first = scratch
            if !isVector { scratch += rows + columns + pieces * columns }
            return AdafactorMatrix(
                parameter: parameter.index, number: number, isVector: isVector, rows: rows, columns: columns,
                value: parameter.range.lowerBound + number * rows * columns,
                gradient: gradient.lowerBound + number * rows * columns, rowMoments: moments + number * rows,
                columnMoments: columnStart + number * columns, rowFactors: first, columnFactors: first + rows,
                partials: first + rows + columns)
        }
    }

    private static func rowsPerPiece(_ columns: Int) -> Int { max(1, (1 << 16) / max(columns, 1)) }

    /// The tasks of this matrix, the `index`-th of all.
    func pieces(_ index: Int) -> [Piece] {
        let size = Self.rowsPerPiece(columns)
        return stride(from: 0, to: rows, by: size).enumerated().map { number, first in
            Piece(matrix: index, number: number, firstRow: first, rows: min(size, rows - first))
        }
    }

    /// Completes the column means from the pieces' sums, and computes the factors of rows and columns.
    func finishMoments(beta: Float, moments: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>) {
        let pieces = (rows + Self.rowsPerPiece(columns) - 1) / Self.rowsPerPiece(columns)
        let sums = scratch + partials
        for piece in 1..<max(pieces, 1) { ck_add(columns, sums + piece * columns, sums) }
        ck_scale(columns, 1 / Float(rows), sums)
        ck_average(columns, beta, sums, moments + columnMoments)
        ck_reciprocal_roots(columns, moments + columnMoments, 1, scratch + columnFactors)
        let mean = (0..<rows).reduce(0.0) { $0 + Double(moments[rowMoments + $1]) } / Double(rows)
        ck_reciprocal_roots(rows, moments + rowMoments, Float(mean), scratch + rowFactors)
    }

    /// The moments of the whole parameter, of which this is the first matrix.
    func state(_ parameter: Parameter, _ moments: Slab) -> [StateTensor] {
        let extents = parameter.shape.extents
        func tensor(_ prefix: String, _ shape: Shape, _ start: Int) -> StateTensor {
            StateTensor(
                name: "\(prefix).\(parameter.name)", shape: shape,
                elements: UnsafeMutableBufferPointer(rebasing: moments.elements[start..<(start + shape.count)]))
        }
        guard !isVector else { return [tensor("second_moment", parameter.shape, columnMoments)] }
        return [
            tensor("row_moment", Shape(Array(extents.dropLast())), rowMoments),
            tensor("column_moment", Shape(Array(extents.dropLast(2)) + [columns]), columnMoments),
        ]
    }
}
