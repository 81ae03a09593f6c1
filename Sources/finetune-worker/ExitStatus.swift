/// How the program ends; shown by `--help`.
enum ExitStatus: Int32 {
    /// Training finished, or stopped with a checkpoint as asked; all questions are answered.
    case success = 0
    /// Training failed; the journal says why.
    case failed = 1
    /// The command line is wrong.
    case usage = 2
    /// Another worker holds the lock of the checkpoints directory.
    case locked = 3
    /// The run directory cannot be used, so that there is no journal.
    case unusable = 4
}
