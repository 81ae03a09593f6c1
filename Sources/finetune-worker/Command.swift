internal import Foundation

/// What the command line asks for.
enum Command {
    case train(runDirectory: String)
    case answer(threads: Int)
    case benchmark(threads: Int)
    case help(String)
    case version

    /// A command line that makes no sense: what is wrong, and what would be right.
    struct UsageError: Error, CustomStringConvertible {
        let description: String

        init(_ fault: String, _ usage: String) { description = "\(fault)\nusage: \(usage)" }
    }

    private static let trainUsage = "finetune-worker train RUNDIR"
    private static let answerUsage = "finetune-worker answer [--threads N]"
    private static let benchmarkUsage = "finetune-worker benchmark [--threads N]"
    private static let usages = [trainUsage, answerUsage, benchmarkUsage].joined(separator: "\n       ")

    /// Reads the arguments behind the program's name.
    init(_ arguments: [String]) throws(UsageError) {
        let wantsHelp = arguments.contains("--help") || arguments.contains("-h")
        switch arguments.first {
        case nil: throw UsageError("a command is missing", Self.usages)
        case "--version": self = .version
        case "train" where wantsHelp: self = .help(Self.trainHelp)
        case "answer" where wantsHelp: self = .help(Self.answerHelp)
        case "benchmark" where wantsHelp: self = .help(Self.benchmarkHelp)
        case "--help", "-h", "help": self = .help(Self.help)
        case "train": self = .train(runDirectory: try Self.runDirectory(arguments.dropFirst()))
        case "answer": self = .answer(threads: try Self.threads(arguments, Self.answerUsage))
        case "benchmark": self = .benchmark(threads: try Self.threads(arguments, Self.benchmarkUsage))
        case let other?:
            throw UsageError("there is no command \"\(other)\"", Self.usages)
        }
    }

    private static func runDirectory(_ arguments: ArraySlice<String>) throws(UsageError) -> String {
        if let option = arguments.first(where: { $0.hasPrefix("-") }) {
            throw UsageError("train knows no option \(option)", trainUsage)
        }
        guard let path = arguments.first, arguments.count == 1 else {
            throw UsageError("train takes one run directory, got \(arguments.count)", trainUsage)
        }
        return path
    }

    private static func threads(_ words: [String], _ usage: String) throws(UsageError) -> Int {
        let arguments = Array(words.dropFirst())
        if arguments.isEmpty { return ProcessInfo.processInfo.activeProcessorCount }
        guard arguments.count == 2, arguments[0] == "--threads" else {
            throw UsageError("\(words[0]) does not know \"\(arguments.joined(separator: " "))\"", usage)
        }
        guard let threads = Int(arguments[1]), (1...1024).contains(threads) else {
            throw UsageError("--threads takes a number from 1 to 1024, got \"\(arguments[1])\"", usage)
        }
        return threads
    }

    private static let help = """
        finetune-worker: trains one job, or answers questions about data files and models.

          \(trainUsage)             train the job that RUNDIR/recipe.json describes
          \(answerUsage)     answer requests from standard input
          \(benchmarkUsage)  measure this machine
          finetune-worker --version
          finetune-worker COMMAND --help

        """

    private static let trainHelp = """
        usage: \(trainUsage)

        Trains the job of RUNDIR/recipe.json, appends what happens to RUNDIR/journal.jsonl (one JSON object a line),
        and writes checkpoints, each a Hugging Face directory, to the recipe's checkpoints directory. Goes on from the
        newest whole checkpoint of the same recipe and data. Shows progress on standard error.

        SIGTERM or SIGINT: stop at the next step with a checkpoint. RUNDIR/stop may give the reason: pause, cancel,
        shutdown. A closed terminal does not end the run.

        exit status: 0 finished or stopped as asked · 1 training failed, the journal says why · 2 wrong command line ·
        3 another worker trains this job · 4 RUNDIR cannot be used

        """

    private static let answerHelp = """
        usage: \(answerUsage)

        Reads requests from standard input, one JSON object a line, and answers each with one line on standard output,
        {"answer": …} or {"error": {"code", "message", "param"}}, until the input ends:

          {"operation": "check", "training": {"path", "name"}, "validation": null, "task": {}, "data": {},
           "model_directory": null}
          {"operation": "estimate", "run": {…as recipe.json…}}
          {"operation": "card", "model_directory": "…"}
          {"operation": "predict", "model_directory": "…", "inputs": ["a text", {"text", "text_pair"}]}

        --threads N   threads for checks and predictions; without it, as many as there are cores

        exit status: 0 · 2 wrong command line

        """

    private static let benchmarkHelp = """
        usage: \(benchmarkUsage)

        Measures for about a second how fast matrices are multiplied, and prints one JSON object:
        {"version", "library", "threads", "sgemm_gflops"}.

        --threads N   threads to use; without it, as many as there are cores

        exit status: 0 · 2 wrong command line

        """
}
