internal import JSON

extension ConfusionMatrix {
    /// The scores of each label.
    public var scores: [ClassScore] {
        labels.indices.map {
            ClassScore(
                label: labels[$0], precision: precision($0), recall: recall($0), f1: f1($0), support: support($0))
        }
    }

    /// The figures that follow from the counts alone; averages are over the labels that were seen or answered.
    public var metrics: MetricTable {
        [
            .accuracy: accuracy, .macroF1: macroF1, .precision: mean(precision), .recall: mean(recall),
            .microF1: accuracy,
        ]
    }

    /// Reads the labels and `(labels, labels)` counts.
    init(labels: JSONCursor, counts: JSONCursor) throws(JSONFault) {
        let names = try labels.strings()
        var rows: [[Int]] = []
        for row in try counts.elements() {
            var cells: [Int] = []
            for cell in try row.elements() { cells.append(try cell.integer(in: 0...Int.max)) }
            rows.append(cells)
        }
        guard rows.count == names.count, rows.allSatisfy({ $0.count == names.count }) else {
            throw counts.fault("expected \(names.count) rows of \(names.count) counts")
        }
        self.init(labels: names, counts: rows)
    }
}
