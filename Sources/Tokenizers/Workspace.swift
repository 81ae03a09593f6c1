internal import Synchronization

/// Buffers that are used again for each text, and the words that were cut before.
struct Workspace: Sendable {
    var normalized = NormalizedText()
    var preTokenized = PreTokenizedText()
    var merging = PairMerging()
    var pieces: [TokenModel.Piece] = []
    var cache = WordCache()
}

/// The workspaces of a tokenizer that no text is using.
final class WorkspacePool: Sendable {
    private let unused = Mutex<[Workspace]>([])

    /// Runs a closure with a workspace of its own.
    func withWorkspace<Result>(_ body: (inout Workspace) -> Result) -> Result {
        var workspace = unused.withLock { $0.popLast() } ?? Workspace()
        let result = body(&workspace)
        unused.withLock { [workspace] in $0.append(workspace) }
        return result
    }
}
