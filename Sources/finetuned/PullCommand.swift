internal import Arguments
internal import FineTuning
internal import Foundation
internal import ModelHub
internal import Scheduling
internal import Storage

/// `finetuned pull`
struct PullCommand {
    private let pull: Pull

    static let declaration = Command(
        "pull", "Fetches a pretrained model.",
        details: """
            What broke off is kept, and the next pull goes on from it. HF_ENDPOINT names another hub than
            https://huggingface.co.
            """,
        operands: [Operand("SOURCE", "hf:ORG/NAME, hf:ORG/NAME@REVISION, or a directory")],
        options: [
            Option(
                "data", "DIR",
                "the server's data directory: the model goes to DATA/models; this or --models must be given"),
            Option("models", "DIR", "the directory of models, instead of --data"),
            Option("name", "NAME", "what to call the model (the source's name)"),
        ])

    init(_ arguments: ParsedArguments, environment: [String: String]) throws {
        let models: String
        if let given = arguments["models"] {
            models = given
        } else {
            models = try DataDirectory(path: arguments.required("data"), exclusive: false).modelsPath
        }
        var settings = PullSettings()
        if let endpoint = environment["HF_ENDPOINT"], !endpoint.isEmpty { settings.endpoint = endpoint }
        pull = try Pull(
            ModelSource(parsing: arguments.operands[0]), as: arguments["name"], into: models, settings: settings)
    }

    func run() async throws -> ExitStatus {
        let answerer = Answerer(program: try Installation.worker(), threads: 1)
        let display = PullDisplay(isTerminal: Console.isTerminal)
        let result: Pull.Result
        do {
            result = try await pull.run(verify: { try await Self.verify($0, answerer) }, progress: display.show)
            display.finish()
        } catch {
            display.finish()
            throw error
        }
        let verb = result.wasComplete ? "was there already" : "is ready"
        Console.write("The model \(pull.name) \(verb): \(result.directory) (\(PullDisplay.megabytes(result.bytes)))\n")
        return .success
    }

    /// Has the worker open a model, as it will for a job.
    private static func verify(_ directory: String, _ answerer: Answerer) async throws {
        do {
            _ = try await answerer.card(modelDirectory: directory)
        } catch let error as JobError {
            throw CommandError.unusableModel(directory: directory, reason: error.message)
        }
    }
}
