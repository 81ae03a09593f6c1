internal import FineTuning

/// Refuses a model whose answers are no numbers.
enum FiniteAnswers {
    /// - Throws: `JobError` of code `diverged` where an answer is not finite.
    static func require(_ answers: [Float], step: Int) throws(JobError) {
        guard answers.allSatisfy(\.isFinite) else {
            throw JobError(
                .diverged,
                "the model's answers after step \(step) are not finite numbers; lower strategy.learning_rate")
        }
    }
}
