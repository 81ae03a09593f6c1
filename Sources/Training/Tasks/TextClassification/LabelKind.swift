internal import FineTuning
internal import Foundation

/// How the labels of a classifier relate to one another.
enum LabelKind {
    /// A text has one of them.
    case single
    /// A text has one of them, and they are ranks.
    case ordinal
    /// A text has any number of them.
    case multiple

    init(_ task: TaskSpecification) { self = task.multiLabel ? .multiple : task.ordinal ? .ordinal : .single }

    /// What a text of each class is to be answered with, (classes × classes), row by row: probabilities that fall off
    /// with the distance in ranks, softmax(-|i - j|) (Díaz and Marathe 2019), so that the model stays an ordinary
    /// classifier.
    static func ordinalTargets(_ classes: Int) -> [Float] {
        (0..<classes).flatMap { truth in
            let powers = (0..<classes).map { exp(-Double(abs($0 - truth))) }
            let sum = powers.reduce(0, +)
            return powers.map { Float($0 / sum) }
        }
    }

    /// The probabilities that are wanted of texts with one label each, (B × classes), row by row.
    ///
    /// - Parameter smoothing: the share that is spread evenly over all classes.
    func distributions(of classes: [Int32], count: Int, smoothing: Float) -> [Float] {
        let rows = self == .ordinal ? Self.ordinalTargets(count) : []
        return classes.flatMap { truth in
            (0..<count).map { column -> Float in
                let plain: Float =
                    self == .ordinal ? rows[Int(truth) * count + column] : Int(truth) == column ? 1 : 0
                return (1 - smoothing) * plain + smoothing / Float(count)
            }
        }
    }
}
