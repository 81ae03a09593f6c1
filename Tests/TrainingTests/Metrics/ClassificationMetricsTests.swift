import FineTuning
import Foundation
import JSON
import Testing
import Training

@Suite struct `Metrics of classifiers` {
    private struct Case {
        var logits: [Float]
        var truth: [Int]
        var classes: Int
        var expected: JSONValue

        init(_ json: JSONValue) throws {
            logits = try MetricsFixture.numbers(json["logits"]).map(Float.init)
            truth = try MetricsFixture.numbers(json["truth"]).map { Int($0) }
            classes = try #require(json["classes"]?.integer)
            expected = json
        }

        func row(_ index: Int) -> [Double] { (0..<classes).map { Double(logits[index * classes + $0]) } }

        var answers: [Int] {
            truth.indices.map { row in
                (0..<classes).max {
                    self.row(row)[$0] < self.row(row)[$1] || (self.row(row)[$0] == self.row(row)[$1] && $0 > $1)
                }
                    ?? 0
            }
        }

        var probabilities: [[Double]] {
            truth.indices.map { index in
                let powers = row(index).map { exp($0) }
                return powers.map { $0 / powers.reduce(0, +) }
            }
        }

        var confusion: ConfusionMatrix {
            var matrix = ConfusionMatrix(labels: (0..<classes).map { "\($0)" })
            for (truth, answer) in zip(truth, answers) { matrix.add(truth: truth, answer: answer) }
            return matrix
        }
    }

    @Test func `are those of scikit-learn`() throws {
        for json in try MetricsFixture.cases("classification") {
            let example = try Case(json)
            let confusion = example.confusion
            #expect(MetricsFixture.agrees(confusion.accuracy, json["accuracy"]))
            #expect(MetricsFixture.agrees(confusion.macroF1, json["macro_f1"]))
            #expect(MetricsFixture.agrees(confusion.metrics[.precision], json["precision"]))
            #expect(MetricsFixture.agrees(confusion.metrics[.recall], json["recall"]))
            #expect(MetricsFixture.agrees(WeightedKappa.quadratic(confusion.counts), json["qwk"]))
            let area = ReceiverOperatingCharacteristic.macroArea(
                scores: example.probabilities.flatMap { $0 }.map { ($0 * 1e9).rounded() }, columns: example.classes
            ) { example.truth[$0] == $1 }
            #expect(MetricsFixture.agrees(area, json["auroc"]))
        }
    }

    @Test func `know how far confidence is from accuracy, and the temperature that mends it`() throws {
        for json in try MetricsFixture.cases("classification") {
            let example = try Case(json)
            let diagram = ReliabilityDiagram(
                confidences: example.probabilities.map { $0.max() ?? 0 },
                isRight: zip(example.truth, example.answers).map { $0 == $1 })
            #expect(MetricsFixture.agrees(diagram.expectedCalibrationError, json["ece"], within: 1e-6))
            #expect(diagram.bins.reduce(0) { $0 + $1.count } == example.truth.count)
            let temperature = TemperatureScaling.fit(
                logits: example.logits, truth: example.truth, classes: example.classes)
            #expect(MetricsFixture.agrees(temperature, json["temperature"], within: 1e-5))
        }
    }

    @Test func `keep the temperature within bounds where all or no answers are right`() {
        let logits: [Float] = [3, 0, 0, 3]
        let certain = TemperatureScaling.fit(logits: logits, truth: [0, 1], classes: 2)
        #expect(abs(certain - TemperatureScaling.range.lowerBound) < 1e-9)
        let wrong = TemperatureScaling.fit(logits: logits, truth: [1, 0], classes: 2)
        #expect(abs(wrong - TemperatureScaling.range.upperBound) < 1e-6)
        #expect(TemperatureScaling.fit(logits: [], truth: [], classes: 2) == 1)
    }

    @Test func `put a confidence on a limit into the lower bin`() {
        let diagram = ReliabilityDiagram(confidences: [0, 0.5, 1], isRight: [false, true, true], binCount: 2)
        #expect(diagram.bins.map(\.count) == [2, 1])
        #expect(diagram.bins[0].accuracy == 0.5 && diagram.bins[0].confidence == 0.25)
    }

    @Test func `have no area under the curve where a class has no example`() {
        #expect(ReceiverOperatingCharacteristic.area(scores: [1, 2], isPositive: [true, true]) == nil)
        #expect(ReceiverOperatingCharacteristic.area(scores: [1, 1], isPositive: [true, false]) == 0.5)
        #expect(WeightedKappa.quadratic([[4, 0], [0, 0]]) == nil)
    }

    @Test func `for several labels are those of scikit-learn`() throws {
        for json in try MetricsFixture.cases("multi_label") {
            let labels = try #require(json["labels"]?.integer)
            let scores = try MetricsFixture.numbers(json["scores"])
            let truth = try MetricsFixture.numbers(json["truth"]).map { $0 == 1 }
            let found = MultiLabelScores(answers: scores.map { $0 > 0 }, truth: truth, labelCount: labels)
            #expect(MetricsFixture.agrees(found.subsetAccuracy, json["subset_accuracy"]))
            #expect(MetricsFixture.agrees(found.microF1, json["micro_f1"]))
            #expect(MetricsFixture.agrees(found.macroF1, json["macro_f1"]))
            #expect(MetricsFixture.agrees(found.macroPrecision, json["precision"]))
            #expect(MetricsFixture.agrees(found.macroRecall, json["recall"]))
            let area = ReceiverOperatingCharacteristic.macroArea(scores: scores, columns: labels) {
                truth[$0 * labels + $1]
            }
            #expect(MetricsFixture.agrees(area, json["auroc"]))
        }
    }
}
