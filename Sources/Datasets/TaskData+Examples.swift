internal import FineTuning

extension TaskData {
    /// Examples that are in memory, of no files: nothing was checked.
    ///
    /// - Parameters:
    ///   - labels: in the order of the model's output.
    ///   - validation: may be empty.
    public init(labels: [String], training: Examples, validation: Examples = Examples()) {
        report = DataReport()
        self.labels = labels
        self.training = training
        self.validation = validation
        classWeights = []
        oversampledClasses = nil
    }
}
