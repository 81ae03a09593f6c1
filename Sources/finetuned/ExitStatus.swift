internal import Storage

/// How the program ends; the help of `serve` shows it.
enum ExitStatus: Int32 {
    /// All was done; the server was asked to stop, and has.
    case success = 0
    /// It failed; standard error says why.
    case failure = 1
    /// The command line is wrong.
    case usage = 2
    /// Another server has the data directory.
    case locked = 3
    /// The address cannot be listened on.
    case address = 4
    /// A second signal cut the stop short.
    case interrupted = 5
    /// Something in the data directory is damaged or missing.
    case damaged = 6

    /// The status for an error.
    init(_ error: any Error) {
        switch error {
        case StorageError.locked: self = .locked
        case CommandError.addressInUse, CommandError.addressUnusable: self = .address
        case CommandError.needsToken: self = .usage
        default: self = .failure
        }
    }

    /// What the help says.
    static let help = """
        exit status: 0 done · 1 failed, standard error says why · 2 wrong command line · 3 the data directory is in use ·
        4 the address cannot be listened on · 5 stopped at once by a second signal
        """
}
