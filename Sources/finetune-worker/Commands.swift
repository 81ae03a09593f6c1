internal import Arguments
internal import FineTuning
internal import Foundation

/// The commands of the worker.
enum Commands {
    static let program = Program(
        name: "finetune-worker", version: Release.version,
        summary: "trains one job, or answers questions about data files and models",
        commands: [train, answer, benchmark])

    private static let train = Command(
        "train", "train the job that RUNDIR/recipe.json describes",
        details: """
            Trains the job of RUNDIR/recipe.json, appends what happens to RUNDIR/journal.jsonl (one JSON object a line),
            and writes checkpoints, each a Hugging Face directory, to the recipe's checkpoints directory. Goes on from the
            newest whole checkpoint of the same recipe and data. Shows progress on standard error.

            It confines itself as far as the kernel can: it reads the model and the data files of the recipe, writes to RUNDIR
            and the checkpoints directory, starts no program and opens no socket. With "memory_bytes" in the recipe it has no
            more memory for data.

            SIGTERM or SIGINT: stop at the next step with a checkpoint. RUNDIR/stop may give the reason: pause, cancel,
            shutdown. A closed terminal does not end the run.

            exit status: 0 finished or stopped as asked · 1 training failed, the journal says why · 2 wrong command line ·
            3 another worker trains this job · 4 RUNDIR cannot be used
            """,
        operands: [Operand("RUNDIR", "the run directory")])

    private static let answer = Command(
        "answer", "answer requests from standard input",
        details: """
            Reads requests from standard input, one JSON object a line, and answers each with one line on standard output,
            {"answer": …} or {"error": {"code", "message", "param"}}, until the input ends:

              {"operation": "check", "training": {"path", "name"}, "validation": null, "task": {}, "data": {},
               "model_directory": null}
              {"operation": "estimate", "run": {…as recipe.json…}}
              {"operation": "card", "model_directory": "…"}
              {"operation": "predict", "model_directory": "…", "inputs": ["a text", {"text", "text_pair"}]}

            It confines itself as far as the kernel can, to what the first of them names: it reads these files and models and
            no others, starts no program and opens no socket. Questions about other files are for other processes.

            exit status: 0 · 1 the process cannot confine itself, or nobody reads its answers · 2 wrong command line
            """,
        options: [threads("for checks and predictions")])

    private static let benchmark = Command(
        "benchmark", "measure this machine",
        details: """
            Measures for about a second how fast matrices are multiplied, and prints one JSON object:
            {"version", "library", "threads", "sgemm_gflops", "sandbox", "is_sandbox_whole"}.

            exit status: 0 · 2 wrong command line
            """,
        options: [threads("to use")])

    private static func threads(_ purpose: String) -> Option {
        Option("threads", "N", "threads \(purpose); without it, as many as there are cores")
    }

    /// Runs a command, on the main thread until it has confined itself.
    @MainActor
    static func run(_ command: Command, _ arguments: ParsedArguments) async throws(UsageError) -> ExitStatus {
        switch command {
        case train:
            let train = TrainCommand(path: arguments.operands[0])
            if let failure = train.confine() { return failure }
            return await train.run()
        case answer: return AnswerCommand(threads: try threadCount(arguments)).run()
        default: return BenchmarkCommand(threads: try threadCount(arguments)).run()
        }
    }

    private static func threadCount(_ arguments: ParsedArguments) throws(UsageError) -> Int {
        try arguments.integer("threads", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
    }
}
