internal import POSIX

/// Why a command cannot do what it was asked for.
enum CommandError: Error, Hashable, CustomStringConvertible {
    /// The worker program is not beside this one.
    case workerMissing(path: String)
    /// The directory given as assets lacks a part.
    case assetsIncomplete(path: String, missing: String)
    /// No directory of assets was found.
    case assetsMissing(tried: [String])
    /// An address that others can reach, and no token.
    case needsToken(address: SocketAddress, data: String)
    /// Another program listens there.
    case addressInUse(SocketAddress)
    /// The system does not let us listen there.
    case addressUnusable(SocketAddress, reason: String)
    /// There is no database in the directory given as data.
    case noDatabase(data: String)
    /// A model that was fetched is none that can be trained.
    case unusableModel(directory: String, reason: String)
    /// The worker program did not do what it was asked for.
    case workerFailed(path: String, reason: String)

    /// What is wrong and what to do.
    var description: String {
        switch self {
        case .workerMissing(let path):
            "there is no worker program at \(path): install finetune-worker in the same folder as finetuned"
        case .assetsIncomplete(let path, let missing):
            "the assets directory \(path) has no \(missing)/: --assets names the folder that holds migrations/ and public/"
        case .assetsMissing(let tried):
            "migrations/ and public/ are not found (looked in \(tried.joined(separator: ", "))): name their folder with "
                + "--assets DIR"
        case .needsToken(let address, let data):
            "\(address) can be reached from other machines, and there is no token: make one first with "
                + "`finetuned token create NAME --data \(data)`, or listen on 127.0.0.1"
        case .addressInUse(let address):
            "another program listens on \(address): stop it, or choose another port with --listen (port 0: any free one)"
        case .addressUnusable(let address, let reason):
            "cannot listen on \(address): \(reason); choose another address with --listen"
        case .noDatabase(let data):
            "\(data) is no data directory: --data names the one that the server runs with"
        case .unusableModel(let directory, let reason):
            "the model was fetched and cannot be used: \(reason). Its files are in \(directory)"
        case .workerFailed(let path, let reason): "\(path) \(reason)"
        }
    }
}
