internal import FineTuning

extension Calibration {
    /// Measures how far confidences can be believed, before and after the temperature that makes the truth most likely.
    ///
    /// - Parameters:
    ///   - table: the logits that are softmaxed, (N × classes).
    ///   - truth: the class of each row, (N).
    /// - Returns: the calibration, and the expected calibration error without scaling.
    static func measure(_ table: LogitTable, truth: [Int]) -> (calibration: Calibration, error: Double) {
        let plain = diagram(table, truth: truth)
        let temperature = TemperatureScaling.fit(logits: table.values, truth: truth, classes: table.columns)
        let scaled = LogitTable(table.values.map { $0 / Float(temperature) }, columns: table.columns)
        let bins = plain.bins.enumerated().map { place, bin in
            Bin(
                upTo: Double(place + 1) / Double(plain.bins.count), count: bin.count, confidence: bin.confidence,
                accuracy: bin.accuracy)
        }
        let calibration = Calibration(
            bins: bins, temperature: temperature,
            scaledError: diagram(scaled, truth: truth).expectedCalibrationError)
        return (calibration, plain.expectedCalibrationError)
    }

    private static func diagram(_ table: LogitTable, truth: [Int]) -> ReliabilityDiagram {
        ReliabilityDiagram(
            confidences: truth.indices.map { table.probabilities($0)[table.answer($0)] },
            isRight: truth.indices.map { table.answer($0) == truth[$0] })
    }
}
