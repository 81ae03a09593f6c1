import FineTuning
import RunDirectory
import Scheduling

/// A model's directory whose worker is a shell script.
struct ScriptedModel: Sendable {
    let directory: String

    /// Answers each request by the number of its process and how many it has answered before.
    static let faithful = """
        count=0
        while
            printf '{"answer":[{"kind":"label","value":{"labels":["%s"],"logits":[%s]}}]}\\n' $$ $count
            IFS= read -r request
        do count=$((count + 1)); done
        """

    init(_ scratch: ScratchDirectory, _ name: String = "model", script: String = faithful) throws {
        directory = scratch.file(name)
        try scratch.write(script, to: "\(name)/worker.sh")
    }

    /// An answerer of scripted models.
    static func answerer(_ configure: (inout AnswererLimits) -> Void = { _ in }) -> Answerer {
        var limits = AnswererLimits()
        configure(&limits)
        return Answerer(program: WorkerProgram.scripted, threads: 1, limits: limits)
    }

    /// What a faithful script answers: its process, and what it has answered before.
    func ask(_ answerer: Answerer) async throws -> (process: String, before: Int) {
        let answer = try await answerer.predict(modelDirectory: directory, inputs: [PredictionInput(text: "a")])
        return (answer[0].scores?.labels[0] ?? "", Int(answer[0].scores?.logits[0] ?? -1))
    }

    /// Asks for a check of a file, which the script answers as it likes.
    func check(_ answerer: Answerer) async throws -> DataReport {
        try await answerer.check(
            training: DataFile(path: "/dev/null", name: "rows.jsonl"), validation: nil, task: TaskSpecification(),
            data: DataPipeline(), modelDirectory: directory)
    }
}
