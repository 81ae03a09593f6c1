internal import FineTuning
internal import Models

/// Measures how often a model is right, and how often it still is under attack.
///
/// The attack is the same whatever the training: projected gradient ascent with the recipe's ε, step size and steps, so
/// that a run with adversarial training can be compared with one of type `none`.
struct AdversarialEvaluation<Task: TrainingTask> {
    let task: Task
    let settings: AdversarialTraining

    /// The shares of right answers to the validation examples; nil for tasks whose answers are not right or wrong.
    func run() throws -> AttackResult? {
        let attack = EmbeddingAttack(task, settings)
        var (clean, attacked, total) = (0, 0, 0)
        for piece in task.validationPieces {
            let batch = try task.prepareValidation(Array(piece))
            guard let answers = try task.loss(batch, .evaluation).answers,
                let under = try attack.attackedLoss(batch).answers
            else { return nil }
            clean += answers.right
            attacked += under.right
            total += answers.total
        }
        guard total > 0 else { return nil }
        return AttackResult(
            metric: .accuracy, clean: Double(clean) / Double(total), attacked: Double(attacked) / Double(total))
    }
}
